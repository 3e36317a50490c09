import assert from 'node:assert/strict';
import { parseProviders, type BrokenProvider } from '../../../../src/providers/config/provider-config.ts';
import { plaintextKeyIn } from '../../../../src/providers/config/plaintext-key.ts';
import { english } from '../../../../src/shared/l10n.ts';

const canary = 'sk-stray-canary-0123456789';

const said = (broken: readonly BrokenProvider[]) =>
  broken.map(({ id, problems }) => ({ id, problems: problems.map((problem) => problem(english)) }));

describe('a key in the settings', () => {
  for (const field of ['apiKey', 'api_key', 'apikey', 'API-KEY', 'key']) {
    it(`is found as ${field}, and what is left is the entry without it`, () => {
      const stray = plaintextKeyIn({ kind: 'openai', [field]: ` ${canary}\n`, enabled: true });
      assert.equal(stray?.field, field);
      assert.equal(stray.key?.reveal(), canary);
      assert.deepEqual(stray.rest, { kind: 'openai', enabled: true });
    });
  }

  it('is not found where there is none', () => {
    for (const entry of [{ kind: 'openai' }, { kind: 'openai', keyboard: 'x' }, null, 'apiKey', undefined]) {
      assert.equal(plaintextKeyIn(entry), undefined);
    }
  });

  it('is nothing to move when it is empty or no text', () => {
    assert.deepEqual(
      ['', ' ', 7, null].map((apiKey) => plaintextKeyIn({ kind: 'openai', apiKey })?.key),
      [undefined, undefined, undefined, undefined],
    );
  });

  it('breaks its own entry alone, with a problem that names the place and not the key', () => {
    const { usable, broken } = parseProviders({
      openai: { kind: 'openai', apiKey: canary },
      groq: { kind: 'groq' },
    });
    assert.deepEqual([...usable.keys()], ['groq']);
    assert.deepEqual(said(broken), [
      { id: 'openai', problems: ['openai.apiKey: must not be in the settings; keys belong in the vault'] },
    ]);
  });

  it('does not hide what else is wrong, and is never told', () => {
    const { broken } = parseProviders({ openai: { kind: 'nobody', apiKey: canary, timeouts: { read: -1 } } });
    assert.equal(broken[0]?.problems.length, 3);
    assert.ok(!JSON.stringify(said(broken)).includes('canary'));
  });
});
