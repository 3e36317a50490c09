import assert from 'node:assert/strict';
import type { MigrationRefusal } from '../../../src/vault/migration.ts';
import { describeVaultRefusal } from '../../../src/vault/vault-refusal.ts';
import {
  describeMigrationRefusal,
  describeRotationRefusal,
} from '../../../src/vault/describe-vault-refusal.ts';

describe('the words for a rotation or a migration that is refused', () => {
  const own: MigrationRefusal['kind'][] = [
    'unknownProvider',
    'originDeclined',
    'otherKeySet',
    'empty',
    'unreadableToken',
  ];
  it('say something else for each reason, in sentences', () => {
    const said = own.map((kind) => describeMigrationRefusal({ kind } as MigrationRefusal));
    assert.equal(new Set(said).size, own.length);
    for (const text of said) assert.match(text, /^[A-Z].+\.$/);
  });

  it("are the vault's own for what the vault refuses", () => {
    const refusal = { kind: 'locked', kid: '0123456789abcdef' } as const;
    assert.equal(describeMigrationRefusal(refusal), describeVaultRefusal(refusal).message);
    assert.equal(describeRotationRefusal(refusal), describeVaultRefusal(refusal).message);
  });

  it('name both variables for a master key of the environment', () => {
    const text = describeRotationRefusal({ kind: 'environmentRing' });
    assert.ok(text.includes('LLM_SECRET_KEY') && text.includes('LLM_PREVIOUS_KEYS'), text);
  });
});
