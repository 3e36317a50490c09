import assert from 'node:assert/strict';
import { createDraftGuard } from '../../../../src/providers/transport/draft-guard.ts';
import { parseProviders } from '../../../../src/providers/config/provider-config.ts';
import { createResolver } from '../../../../src/providers/rules/resolver.ts';
import { createRedactor } from '../../../../src/redaction/redact.ts';
import { Secret } from '../../../../src/shared/secret.ts';
import { answer, callOf, guardWith, hear, type Script } from '../../../support/guard-fixture.ts';
import { provider } from '../../../support/sender.ts';

const key = 'Zq8Wm3Xc5Vb7Nn9Mk1Lj2Hg4Fd6Ss0Pa';
const draft = {
  config: provider({ kind: 'openai', models: { list: ['drafted'] } }),
  draftKey: new Secret(key),
};

function draftGuardWith(script: Script) {
  const providers = parseProviders({ acme: { kind: 'groq' } });
  const settings = { providers, limits: [], workspaceModels: [], workspaceLimits: {} };
  const unlisted = () => undefined;
  const { resolve, resolveDraft } = createResolver(
    () => settings,
    () => unlisted,
  );
  const redactor = createRedactor();
  const { guard, sender } = guardWith([script], {}, { resolve });
  return { guard, sender, redactor, draftGuard: createDraftGuard(guard, { resolveDraft }, redactor) };
}

describe('createDraftGuard', () => {
  it('sends its own calls to the draft and leaves all other calls to the settings', async () => {
    const { guard, sender, draftGuard } = draftGuardWith(answer('Hi'));
    await hear(draftGuard(draft).run(callOf()));
    await hear(guard.run(callOf({ id: 'call-2' })));
    assert.deepEqual(
      sender.attempts.map(({ resolved: { config, draftKey } }) => [config.kind, draftKey?.reveal()]),
      [
        ['openai', key],
        ['groq', undefined],
      ],
    );
  });

  it('redacts the key of the draft while a call runs', async () => {
    let seen: string | undefined;
    const { redactor, draftGuard } = draftGuardWith(async function* (attempt) {
      seen = redactor.redact(`wrong key: ${key}`);
      return yield* answer('Hi')(attempt);
    });
    await hear(draftGuard(draft).run(callOf()));
    assert.equal(seen, 'wrong key: ***');
    assert.equal(redactor.redact(`a word: ${key}`), `a word: ${key}`);
  });

  it('keeps the key redacted until the last of several calls ends', async () => {
    const gate = Promise.withResolvers<undefined>();
    const waiting: Script = async function* (attempt) {
      await gate.promise;
      return yield* answer('Hi')(attempt);
    };
    const { redactor, draftGuard } = draftGuardWith(waiting);
    const long = hear(draftGuard(draft).run(callOf()));
    const left = draftGuard(draft).run(callOf({ id: 'call-2', signal: AbortSignal.abort() }));
    await hear(left);
    assert.equal(redactor.redact(key), '***');
    gate.resolve(undefined);
    await long;
    assert.equal(redactor.redact(key), key);
  });

  it('ends the redaction when a call throws', async () => {
    const { redactor, draftGuard } = draftGuardWith(() => {
      throw new Error('a bug');
    });
    await assert.rejects(hear(draftGuard(draft).run(callOf())), /a bug/);
    assert.equal(redactor.redact(key), key);
  });
});
