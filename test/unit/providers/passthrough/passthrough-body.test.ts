import assert from 'node:assert/strict';
import type { PassThroughPrompt } from '../../../../src/guard/call.ts';
import { passThroughFormat } from '../../../../src/providers/dialects/dialects.ts';
import type { OutputLimitName } from '../../../../src/providers/dialects/quirks.ts';
import { bodyOf } from '../../../support/request-body.ts';
import { passThroughBodyFor } from '../../../../src/providers/passthrough/passthrough-body.ts';

const passThroughOf = (json: string, over: Partial<PassThroughPrompt> = {}): PassThroughPrompt => ({
  dialect: 'openai-chat',
  body: bodyOf(json),
  headers: {},
  streams: true,
  inputTokens: 1,
  ...over,
});

function bodyFor(prompt: PassThroughPrompt, model: string, outputLimit?: OutputLimitName) {
  const format = passThroughFormat(prompt.dialect);
  assert.ok(format !== undefined);
  const { body, hidesUsage } = passThroughBodyFor(prompt, format, model, outputLimit, true);
  return { body: Buffer.from(body).toString(), hidesUsage };
}

describe('passThroughBodyFor', () => {
  it('returns the same body if nothing has to change', () => {
    const body = '{"model":"m" ,"stream":true,"stream_options":{"include_usage":true}}';
    assert.deepEqual(bodyFor(passThroughOf(body), 'm'), { body, hidesUsage: false });
  });

  it('sets the name of the model and asks for hidden usage', () => {
    const { body, hidesUsage } = bodyFor(passThroughOf('{"model":"acme/m","stream":true}'), 'm');
    assert.equal(body, '{"model":"m","stream":true,"stream_options":{"include_usage":true}}');
    assert.equal(hidesUsage, true);
  });

  it('keeps other stream options of the client', () => {
    const body = '{"model":"m","stream_options":{"include_usage":false,"include_obfuscation":false}}';
    assert.deepEqual(JSON.parse(bodyFor(passThroughOf(body), 'm').body), {
      model: 'm',
      stream_options: { include_usage: true, include_obfuscation: false },
    });
  });

  for (const [what, over] of [
    ['an answer in one piece', { streams: false }],
    ['another dialect', { dialect: 'anthropic-messages' }],
  ] as const) {
    it(`does not ask for usage of ${what}, which always has it`, () => {
      assert.deepEqual(bodyFor(passThroughOf('{"model":"m"}', over), 'm'), {
        body: '{"model":"m"}',
        hidesUsage: false,
      });
    });
  }

  const one = { streams: false, maxOutputTokens: 90 };

  it('sets the limit of strict caps, divided among the alternatives, under the name of the provider', () => {
    const { body } = bodyFor(passThroughOf('{"model":"m","n":3}', one), 'm', 'max_completion_tokens');
    assert.equal(body, '{"model":"m","n":3,"max_completion_tokens":30}');
  });

  it('sets the limit of strict caps in place of 0, which some servers take for no limit', () => {
    for (const [limits, sent] of [
      ['"max_tokens":0', '"max_tokens":90'],
      ['"max_completion_tokens":0', '"max_completion_tokens":90'],
      ['"max_tokens":0,"max_completion_tokens":7', '"max_tokens":90,"max_completion_tokens":90'],
    ]) {
      const { body } = bodyFor(passThroughOf(`{"model":"m",${limits}}`, one), 'm');
      assert.equal(body, `{"model":"m",${sent}}`);
    }
    const zero = '{"model":"m","max_tokens":0}';
    assert.equal(bodyFor(passThroughOf(zero, { streams: false }), 'm').body, zero);
  });

  it('keeps the limit of the client under either name', () => {
    for (const name of ['max_tokens', 'max_completion_tokens']) {
      const body = `{"model":"m","${name}":7}`;
      assert.equal(bodyFor(passThroughOf(body, one), 'm').body, body);
    }
    const noOutput = '{"model":"m","max_tokens":0}';
    const none = { maxOutputTokens: 0, dialect: 'anthropic-messages' } as const;
    assert.equal(bodyFor(passThroughOf(noOutput, none), 'm').body, noOutput);
    const nulled = bodyFor(passThroughOf('{"model":"m","max_tokens":null}', one), 'm');
    assert.equal(nulled.body, '{"model":"m","max_tokens":90}');
  });
});
