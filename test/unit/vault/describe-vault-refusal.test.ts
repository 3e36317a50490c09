import assert from 'node:assert/strict';
import type { MigrationRefusal } from '../../../src/vault/legacy-migration.ts';
import { describeVaultRefusal } from '../../../src/vault/vault-refusal.ts';
import {
  describeMigrationRefusal,
  describeRotationRefusal,
} from '../../../src/vault/describe-vault-refusal.ts';

describe('describeRotationRefusal and describeMigrationRefusal', () => {
  const own: MigrationRefusal['kind'][] = [
    'unknownProvider',
    'originDeclined',
    'otherKeySet',
    'empty',
    'unreadableToken',
  ];
  it('returns a different sentence for each reason', () => {
    const said = own.map((kind) => describeMigrationRefusal({ kind } as MigrationRefusal));
    assert.equal(new Set(said).size, own.length);
    for (const text of said) assert.match(text, /^[A-Z].+\.$/);
  });

  it('returns the same text as describeVaultRefusal for a refusal of the vault', () => {
    const refusal = { kind: 'locked', kid: '0123456789abcdef' } as const;
    assert.equal(describeMigrationRefusal(refusal), describeVaultRefusal(refusal).message);
    assert.equal(describeRotationRefusal(refusal), describeVaultRefusal(refusal).message);
  });

  it('names both variables for a master key from the environment', () => {
    const text = describeRotationRefusal({ kind: 'environmentRing' });
    assert.ok(text.includes('LLM_SECRET_KEY') && text.includes('LLM_PREVIOUS_KEYS'), text);
  });
});
