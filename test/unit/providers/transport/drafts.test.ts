import assert from 'node:assert/strict';
import { Drafts } from '../../../../src/providers/transport/drafts.ts';
import { parseProviders } from '../../../../src/providers/config/provider-config.ts';
import { createRedactor } from '../../../../src/redaction/redact.ts';
import { Secret } from '../../../../src/shared/secret.ts';
import { provider } from '../../../support/sender.ts';

const key = 'Zq8Wm3Xc5Vb7Nn9Mk1Lj2Hg4Fd6Ss0Pa';

describe('a provider that is being set up', () => {
  const stored = parseProviders({
    acme: { kind: 'openai', models: { list: ['stored'] } },
    other: { kind: 'groq' },
  });
  const draft = {
    config: provider({ kind: 'openai', models: { list: ['drafted'] } }),
    key: new Secret(key),
  };

  it('stands in front of the stored ones while it is tried, and then no more', async () => {
    const drafts = new Drafts(createRedactor());
    const seen = await drafts.try(draft, () => {
      assert.equal(drafts.get('acme'), draft);
      return Promise.resolve(drafts.over(stored).usable);
    });
    assert.deepEqual([seen.get('acme')?.models, seen.get('other')?.kind], [['drafted'], 'groq']);
    assert.equal(drafts.get('acme'), undefined);
    assert.deepEqual(drafts.over(stored).usable.get('acme')?.models, ['stored']);
  });

  it('has its key redacted while it is tried', async () => {
    const redactor = createRedactor();
    const drafts = new Drafts(redactor);
    await drafts.try(draft, () => {
      assert.equal(redactor.redact(`wrong key: ${key}`), 'wrong key: ***');
      return Promise.resolve();
    });
    assert.equal(redactor.redact(`a word: ${key}`), `a word: ${key}`);
  });

  it('is tried on when an earlier trial of it ends, for which nobody waited', async () => {
    const drafts = new Drafts(createRedactor());
    const listed = Promise.withResolvers<undefined>();
    const listing = drafts.try(draft, () => listed.promise);
    const later = { ...draft };
    await drafts.try(later, async () => {
      listed.resolve(undefined);
      await listing;
      assert.equal(drafts.get('acme'), later);
    });
    assert.equal(drafts.get('acme'), undefined);
  });

  it('leaves nothing behind when the trial fails', async () => {
    const redactor = createRedactor();
    const drafts = new Drafts(redactor);
    await assert.rejects(
      drafts.try(draft, () => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.equal(drafts.get('acme'), undefined);
    assert.equal(redactor.redact(key), key);
  });
});
