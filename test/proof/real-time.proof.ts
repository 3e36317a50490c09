import assert from 'node:assert/strict';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import {
  begin,
  chatEvents,
  goodAnswer,
  startFaultUpstream,
  write,
  type Behaviour,
  type FaultUpstream,
} from '../support/fault-upstream.ts';
import { ask, chatBody, type Answered } from '../support/gateway.ts';
import { startHeadless, type Headless } from '../support/headless.ts';

const thinksSeconds = 200;
const silentSeconds = 31;

const silence = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));

/** Headers at once, then nothing for as long as a model thinks. */
const thinks: Behaviour = async (exchange) => {
  await begin(exchange, []);
  await silence(thinksSeconds);
  for (const event of goodAnswer) await write(exchange.response, event);
  exchange.response.end();
};

/** A beginning, then nothing for longer than the default deadline `read` allows. */
const stopsInMidAnswer: Behaviour = async (exchange) => {
  await begin(exchange, [chatEvents.role, chatEvents.text('Hello')]);
  await silence(silentSeconds);
  if (!exchange.response.destroyed) exchange.response.end(chatEvents.text(' world') + chatEvents.done);
};

const rowSchema = z.object({
  model: z.string(),
  outcome: z.string(),
  reason: z.string().optional(),
  attempts: z.int(),
});

/** The audit rows of the calls in a ledger, by model. */
function recorded(home: string): z.infer<typeof rowSchema>[] {
  const db = new DatabaseSync(path.join(home, 'ledger', 'callguard.db'), { readOnly: true });
  try {
    const rows = db.prepare("SELECT body FROM audit_row WHERE kind = 'call'").all();
    return rows
      .map(({ body }) => rowSchema.parse(JSON.parse(String(body))))
      .sort((a, b) => a.model.localeCompare(b.model));
  } finally {
    db.close();
  }
}

describe('the default deadlines in real time', () => {
  let upstream: FaultUpstream;
  let headless: Headless;

  before(async () => {
    upstream = await startFaultUpstream();
    const acme = { kind: 'openai-compatible', baseUrl: upstream.baseUrl };
    headless = await startHeadless({
      settings: { 'callguard.providers': { acme } },
      env: { CALLGUARD_KEY_ACME: 'sk-of-acme-0123456789abcdef' },
    });
  });
  after(async () => {
    await headless.stop();
    await upstream.close();
  });

  const timed = async (model: string): Promise<Answered & { readonly seconds: number }> => {
    const startedMs = performance.now();
    const answered = await ask(headless.origin, '/v1/chat/completions', {
      token: headless.tokens.calls,
      body: chatBody({ model: `acme/${model}` }),
    });
    return { ...answered, seconds: (performance.now() - startedMs) / 1_000 };
  };

  it(`waits ${thinksSeconds} s for a model that thinks, and cuts one that is silent for ${silentSeconds} s in mid-answer`, async () => {
    upstream.script((exchange) =>
      exchange.request.body.includes('"model":"thinks"') ? thinks(exchange) : stopsInMidAnswer(exchange),
    );
    const [thought, stopped] = await Promise.all([timed('thinks'), timed('stops')]);
    console.log(
      `      answered after ${thought.seconds.toFixed(1)} s of silence; cut after ${stopped.seconds.toFixed(1)} s`,
    );
    assert.equal(thought.status, 200);
    assert.match(thought.text, /"Hello"[^]*" world"[^]*\[DONE\]/);
    assert.equal(thought.text.includes('"error"'), false);
    assert.match(stopped.text, /"Hello"[^]*timeout 'read'[^]*"code":"timeout"/);
    assert.equal(stopped.text.includes(' world'), false);
    assert.equal(upstream.seen.length, 2);
    assert.ok(thought.seconds >= thinksSeconds);
    assert.deepEqual(recorded(headless.home), [
      { model: 'stops', outcome: 'failed', reason: 'timeout', attempts: 1 },
      { model: 'thinks', outcome: 'done', attempts: 1 },
    ]);
  });
});
