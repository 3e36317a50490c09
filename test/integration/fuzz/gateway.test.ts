import assert from 'node:assert/strict';
import net from 'node:net';
import fc from 'fast-check';
import { stringAt } from '../../../src/shared/json-members.ts';
import { foldCase } from '../../../src/shared/fold-case.ts';
import {
  answeredUsage,
  reply,
  startFaultUpstream,
  type FaultUpstream,
} from '../../support/fault-upstream.ts';
import { fuzz, mutated, mutatedText } from '../../support/fuzz.ts';
import { chatBody, startGateway, type GatewayTrial } from '../../support/gateway.ts';
import { bodyOf } from '../../support/request-body.ts';

const answer = { choices: [{ message: { role: 'assistant', content: 'Hi' } }], usage: answeredUsage };
const patienceMs = 10_000;

const fields = [
  ...[
    '"model":"acme/m"',
    '"messages":[]',
    '"messages":[{"role":"user","content":"Hello?"}]',
    '"stream":false',
  ],
  ...[
    '"Model":"acme/denied"',
    String.raw`"mod\u0065l":"acme/denied"`,
    '"model":"acme/denied"',
    '"MODEL":["acme/m"]',
  ],
  ...[
    '"models":["acme/denied"]',
    '"fallbacks":[]',
    '"n":2',
    '"max_tokens":5',
    '"max_tokens":1e400',
    '"x":{"model":"y"}',
  ],
  ...[
    '"stream_options":null',
    '"ſtream":true',
    '"model ":"acme/denied"',
    '"route":"fallback"',
    '"__proto__":{"model":"z"}',
  ],
];
const body = fc.oneof(
  fc.shuffledSubarray(fields).map((some) => `{${['"model":"acme/m"', '"messages":[]', ...some].join(',')}}`),
  fc.shuffledSubarray(fields).map((some) => `{${some.join(',')}}`),
  mutatedText(fc.constant(JSON.stringify(chatBody({ stream: false })))),
);

describe('Fuzz: requests to the gateway', () => {
  let upstream: FaultUpstream;
  let trial: GatewayTrial;
  before(async () => {
    upstream = await startFaultUpstream();
    upstream.script(reply(200, answer));
    trial = await startGateway({
      providers: {
        acme: {
          kind: 'openai-compatible',
          baseUrl: upstream.baseUrl,
          models: { list: ['m'], allow: ['m'], default: 'deny' },
        },
      },
    });
  });
  after(async () => {
    await trial.gateway.stop();
    await upstream.close();
  });

  /** Sends the bytes, and returns what came until the gateway closed the connection. */
  const exchange = (bytes: Buffer): Promise<string> =>
    new Promise((resolve, reject) => {
      let text = '';
      const socket = net.connect(trial.port, '127.0.0.1', () => socket.end(bytes));
      const timer = setTimeout(() => {
        socket.destroy();
        reject(new Error('The gateway neither answers nor closes the connection.'));
      }, patienceMs);
      socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
      socket.on('error', () => undefined);
      socket.once('close', () => {
        clearTimeout(timer);
        resolve(text);
      });
    });

  const requestOf = (lines: readonly string[], json: string): Buffer =>
    Buffer.from(
      [
        'POST /v1/chat/completions HTTP/1.1',
        `Host: 127.0.0.1:${trial.port}`,
        'Content-Type: application/json',
        `Content-Length: ${Buffer.byteLength(json)}`,
        ...lines,
        '',
        json,
      ].join('\r\n'),
    );

  fuzz(
    'no bytes without a token are let in, and each connection is answered or closed',
    100,
    fc.asyncProperty(
      mutated(
        fc
          .subarray([
            'X-Api-Key: callguard_wrong',
            'Authorization: Bearer ',
            'Expect: 100-continue',
            'Transfer-Encoding: chunked',
            'Connection: Upgrade',
            'Upgrade: h2c',
          ])
          .map((lines) => requestOf(lines, JSON.stringify(chatBody()))),
      ),
      async (bytes) => {
        upstream.forget();
        const text = await exchange(bytes);
        assert.doesNotMatch(text, /^HTTP\/1\.1 (?:2|500)/);
        assert.equal(upstream.seen.length, 0);
        assert.deepEqual(trial.troubles, []);
      },
    ),
  );

  const call = async (json: string): Promise<number> => {
    const response = await fetch(`${trial.origin}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${trial.token}`, 'content-type': 'application/json' },
      body: json,
    });
    await response.text();
    return response.status;
  };

  fuzz(
    'a body reaches the provider with one model that is allowed, or not at all',
    120,
    fc.asyncProperty(body, async (json) => {
      upstream.forget();
      const status = await call(json);
      assert.ok(status === 200 || (status >= 400 && status < 500), String(status));
      assert.equal(upstream.seen.length, status === 200 ? 1 : 0);
      assert.deepEqual(trial.troubles, []);
      const [seen] = upstream.seen;
      if (seen === undefined) return;
      const { bytes, members } = bodyOf(seen.body);
      const models = members.filter(({ name }) => foldCase(name).trim() === 'model');
      assert.deepEqual(
        models.map(({ name, valueStart, valueEnd }) => [name, stringAt(bytes, valueStart, valueEnd, true)]),
        [['model', 'm']],
      );
    }),
  );
});
