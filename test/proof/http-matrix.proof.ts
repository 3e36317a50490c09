import assert from 'node:assert/strict';
import { gatewayLimits } from '../../src/shared/limits.ts';
import { seed } from '../support/fuzz.ts';
import { runMatrix, startCountingUpstream, startMatrixGateway } from '../support/http-matrix-run.ts';
import { stopUnderLoad } from '../support/http-matrix-stop.ts';

const requests = 100_000;
const stops = 8;
/** For the process to end. */
const exitMs = 1_500;
const mostStopMs = gatewayLimits.drainMs + gatewayLimits.settleMs + exitMs;

describe('Gateway: a matrix of HTTP requests', function () {
  this.timeout(1_800_000);

  it(`lets in what is right and nothing else, of ${requests} requests`, async () => {
    const upstream = await startCountingUpstream();
    const gateway = await startMatrixGateway(upstream);
    try {
      const report = await runMatrix(gateway, upstream, seed, requests);
      const { wronglyLetIn, wronglyRefused, broken, letIn, statuses } = report;
      const counts = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
      console.log(
        `    ${requests} requests: let in ${letIn}, wrongly let in ${wronglyLetIn.length}, ` +
          `wrongly refused ${wronglyRefused.length}, broken ${broken.length}; calls at the upstream ${upstream.seen.size}`,
      );
      console.log(`    by status, 0 for closed without one: ${counts.join(', ')}`);
      for (const fault of [...wronglyLetIn, ...wronglyRefused, ...broken].slice(0, 20))
        console.log(`      ${fault}`);
      assert.deepEqual([wronglyLetIn.length, wronglyRefused.length, broken.length], [0, 0, 0]);
      assert.doesNotMatch(gateway.log, /^\[(?:warn|error)\]/m);
    } finally {
      await gateway.stop();
      await upstream.close();
    }
  });

  it(`stops within ${mostStopMs} ms under half-open and stalled connections`, async () => {
    const upstream = await startCountingUpstream();
    let slowestMs = 0;
    for (let round = 0; round < stops; round += 1) {
      const { sockets, stopMs } = await stopUnderLoad(upstream, seed + round);
      console.log(`    stopped in ${Math.round(stopMs)} ms with ${sockets} connections open`);
      slowestMs = Math.max(slowestMs, stopMs);
    }
    await upstream.close();
    assert.ok(slowestMs <= mostStopMs, `${Math.round(slowestMs)} ms`);
  });
});
