import assert from 'node:assert/strict';
import fernet from 'fernet';
import { Secret } from '../../src/shared/secret.ts';
import { MasterKey } from '../../src/vault/master-key.ts';
import { openRow, sealRow } from '../../src/vault/row.ts';
import type { Bench, Contender } from './bench.ts';

/** As long as an OpenAI key of the older kind. */
const key = `sk-${'x1Y2z3w4'.repeat(6)}`;
const master = MasterKey.generate();

/** What the vault does: seal with what the key is bound to, read that back; and open strictly. */
function ours(): Contender {
  const ring = { source: 'environment', current: master, previous: [] } as const;
  const bound = { provider: 'openai', origin: 'https://api.openai.com', key: new Secret(key) };
  return {
    name: 'callguard',
    once: async () => {
      const opened = openRow(await sealRow(bound, master), 'openai', ring);
      assert.ok(opened.ok);
    },
  };
}

/** The part of the package that opens, which Callguard does without. */
type Opening = new (options: { secret: object; token: string; ttl: 0 }) => { decode(): string };

/** The key alone, sealed and opened by the package. */
function packageAlone(): Contender {
  const secret = {
    signingKey: fernet.Hex.parse(master.signingKey.toString('hex')),
    encryptionKey: fernet.Hex.parse(master.encryptionKey.toString('hex')),
  };
  const Token = fernet.Token as unknown as Opening;
  return {
    name: 'fernet',
    once: () => {
      const token = new fernet.Token({ secret, ttl: 0 }).encode(key);
      assert.equal(new Token({ secret, token, ttl: 0 }).decode(), key);
      return Promise.resolve();
    },
  };
}

export const benches: Bench[] = [
  {
    name: 'vault, seal and open a key of 51 bytes',
    unit: 'µs',
    goal: { atMost: 1_000 },
    prepare: () => Promise.resolve({ ours: ours(), peers: [packageAlone()] }),
  },
];
