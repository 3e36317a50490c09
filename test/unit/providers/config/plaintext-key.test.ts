import assert from 'node:assert/strict';
import { parseProviders, type BrokenProvider } from '../../../../src/providers/config/provider-config.ts';
import { plaintextKeyIn } from '../../../../src/providers/config/plaintext-key.ts';
import { english } from '../../../../src/shared/l10n.ts';

const canary = 'sk-stray-canary-0123456789';

const said = (broken: readonly BrokenProvider[]) =>
  broken.map(({ id, problems }) => ({ id, problems: problems.map((problem) => problem(english)) }));

describe('plaintextKeyIn and parseProviders', () => {
  for (const field of ['apiKey', 'api_key', 'apikey', 'API-KEY', 'key']) {
    it(`finds a key in the field ${field} and returns the entry without it`, () => {
      const stray = plaintextKeyIn({ kind: 'openai', [field]: ` ${canary}\n`, enabled: true });
      assert.equal(stray?.field, field);
      assert.equal(stray.key?.reveal(), canary);
      assert.deepEqual(stray.rest, { kind: 'openai', enabled: true });
    });
  }

  it('finds no key in an entry without one', () => {
    for (const entry of [{ kind: 'openai' }, { kind: 'openai', keyboard: 'x' }, null, 'apiKey', undefined]) {
      assert.equal(plaintextKeyIn(entry), undefined);
    }
  });

  it('returns no key for an empty field or one without text', () => {
    assert.deepEqual(
      ['', ' ', 7, null].map((apiKey) => plaintextKeyIn({ kind: 'openai', apiKey })?.key),
      [undefined, undefined, undefined, undefined],
    );
  });

  it('breaks only the entry with the key, and names the place but not the key', () => {
    const { usable, broken } = parseProviders({
      openai: { kind: 'openai', apiKey: canary },
      groq: { kind: 'groq' },
    });
    assert.deepEqual([...usable.keys()], ['groq']);
    assert.deepEqual(said(broken), [
      { id: 'openai', problems: ['openai.apiKey: must not be in the settings; keys belong in the vault'] },
    ]);
  });

  it('reports the other problems of the entry, and never the key', () => {
    const { broken } = parseProviders({ openai: { kind: 'nobody', apiKey: canary, timeouts: { read: -1 } } });
    assert.equal(broken[0]?.problems.length, 3);
    assert.ok(!JSON.stringify(said(broken)).includes('canary'));
  });
});
