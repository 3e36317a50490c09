import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import * as z from 'zod';
import { metricsText } from '../../../src/observe/metrics/metrics.ts';
import { freePort } from '../../support/free-port.ts';
import { skipBecause } from '../../support/skip.ts';
import { admitted, folder, freshWindow, letGo, type Window } from '../ledger/ledger-fixture.ts';
import { completed, failed, recordOf } from '../ledger/ledger-requests.ts';
import { settingsOf, snapshotOf } from './observe-fixture.ts';

/** The time that Prometheus may take to start, on a busy machine from a cold disk. */
const startMs = 45_000;

const answerSchema = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe('Prometheus, scraping the gateway', () => {
  let window: Window;
  let target: Server | undefined;
  let prometheus: ChildProcess | undefined;
  let api: string;

  /** Waits for the value of a query. */
  async function valueOf(query: string): Promise<number> {
    const giveUpMs = performance.now() + startMs;
    for (;;) {
      try {
        const response = await fetch(`${api}/query?query=${encodeURIComponent(query)}`);
        const [sample] = answerSchema.parse(await response.json()).data.result;
        if (sample !== undefined) return Number(sample.value[1]);
      } catch (error) {
        // While Prometheus starts, there is no answer or another one.
        if (performance.now() > giveUpMs) throw error;
      }
      assert.ok(performance.now() < giveUpMs, `no sample of ${query}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  before(async function () {
    if (spawnSync('prometheus', ['--version']).error !== undefined) {
      skipBecause(this, "prometheus is missing (Debian's package prometheus has it)");
    }
    window = await freshWindow();
    const settings = settingsOf({ acme: { kind: 'openai', limits: { requestsPerDay: 100 } } });
    for (let n = 0; n < 7; n++) {
      const admission = await admitted(window);
      await window.ledger.settle(admission, completed(), recordOf(admission));
    }
    await window.ledger.settle(await admitted(window), failed());
    target = createServer((_request, response) => {
      metricsText(snapshotOf(window.store, settings)).then(
        (text) => response.setHeader('content-type', 'text/plain; version=0.0.4').end(text),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
    const port = await listen(target);
    const apiPort = await freePort();
    const home = folder();
    const config = path.join(home, 'prometheus.yml');
    const job = { job_name: 'callguard', static_configs: [{ targets: [`127.0.0.1:${port}`] }] };
    // JSON is YAML.
    writeFileSync(
      config,
      JSON.stringify({
        global: { scrape_interval: '200ms', scrape_timeout: '200ms' },
        scrape_configs: [job],
      }),
    );
    api = `http://127.0.0.1:${apiPort}/api/v1`;
    prometheus = spawn(
      'prometheus',
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${path.join(home, 'data')}`,
        `--web.listen-address=127.0.0.1:${apiPort}`,
      ],
      { stdio: 'ignore' },
    );
  });

  after(async () => {
    if (prometheus?.exitCode === null) {
      prometheus.kill();
      await once(prometheus, 'exit');
    }
    target?.close();
    letGo();
  });

  it("reads the ledger's numbers", async () => {
    const usage = window.store.usage.totals('0000', '9999', { provider: 'acme' });
    const read = {
      requests: await valueOf('llm_requests_total{provider="acme"}'),
      failed: await valueOf('llm_failure_count{provider="acme"}'),
      inputTokens: await valueOf('llm_tokens_total{provider="acme",direction="input"}'),
      outputTokens: await valueOf('llm_tokens_total{provider="acme",direction="output"}'),
      left: await valueOf('llm_rate_limit_remaining{provider="acme"}'),
      circuit: await valueOf('llm_circuit_state{provider="acme"}'),
    };
    const { requests, failed: failures, inputTokens, outputTokens } = usage;
    assert.deepEqual(read, { requests, failed: failures, inputTokens, outputTokens, left: 92, circuit: 0 });
    assert.equal(requests, 8);
  });

  it('computes quantiles from the histograms', async () => {
    const quantile = await valueOf(
      'histogram_quantile(0.5, llm_request_duration_seconds_bucket{provider="acme"})',
    );
    assert.ok(quantile > 0 && quantile <= 0.5, String(quantile));
  });
});
