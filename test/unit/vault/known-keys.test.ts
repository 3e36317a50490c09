import assert from 'node:assert/strict';
import { createRedactor } from '../../../src/redaction/redact.ts';
import { Secret } from '../../../src/shared/secret.ts';
import { KnownKeys } from '../../../src/vault/known-keys.ts';
import { MasterKey } from '../../../src/vault/master-key.ts';
import { createWorld, type World } from './harness.ts';

const origin = 'https://host.example';
const valueOf = (round: number) => `value number ${round} of the key`;

describe('KnownKeys', () => {
  it('keeps the last eight earlier values of a key, and no more', () => {
    const redactor = createRedactor();
    const known = new KnownKeys(redactor);
    for (let round = 0; round < 20; round += 1) known.add('acme', valueOf(round));
    const isKnown = (round: number) => !redactor.redact(`<${valueOf(round)}>`).includes(valueOf(round));
    assert.deepEqual(
      Array.from({ length: 20 }, (_, round) => round).filter(isKnown),
      [11, 12, 13, 14, 15, 16, 17, 18, 19],
    );
  });

  it('keeps a value that another provider has, too', () => {
    const redactor = createRedactor();
    const known = new KnownKeys(redactor);
    known.add('twin', valueOf(0));
    for (let round = 0; round < 20; round += 1) known.add('acme', valueOf(round));
    assert.ok(!redactor.redact(valueOf(0)).includes(valueOf(0)));
  });

  it('counts a value that is set again as the latest', () => {
    const redactor = createRedactor();
    const known = new KnownKeys(redactor);
    for (const round of [0, 1, 2, 3, 4, 5, 6, 7, 0, 8, 9]) known.add('acme', valueOf(round));
    assert.ok(!redactor.redact(valueOf(0)).includes(valueOf(0)));
  });

  it('has each master key in both alphabets, with and without padding', () => {
    const redactor = createRedactor();
    const key = MasterKey.parse('h/1+asqVOR5rtMGK97dlHJRjkH3i/0ivXZ5LPsRcI00=') ?? assert.fail();
    new KnownKeys(redactor).addMasterKeys([key, key]);
    for (const spelling of key.spellings()) {
      for (const text of [spelling, encodeURIComponent(spelling), JSON.stringify({ key: spelling })])
        assert.ok(!redactor.redact(text).includes(spelling.slice(1, 30)), text);
    }
  });
});

describe('the redactor of a vault', () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld();
  });
  afterEach(() => world.remove());

  it('knows the master keys of the environment as soon as the ring was loaded', async () => {
    const [current, previous] = [MasterKey.generate(), MasterKey.generate()];
    const env = { LLM_SECRET_KEY: current.reveal(), LLM_PREVIOUS_KEYS: previous.reveal() };
    const { vault, redactor } = world.window(env);
    assert.equal(await vault.masterKeyProblem(), undefined);
    for (const key of [current, previous]) {
      for (const text of key.spellings())
        assert.ok(!redactor.redact(`a ${text} b`).includes(text.slice(0, 43)), text);
    }
  });

  it('knows the master keys of the ring file, and the new one after a rotation', async () => {
    const { vault, ring, redactor } = world.window();
    await vault.set('acme', origin, new Secret(valueOf(0)));
    await vault.rotate();
    const loaded = await ring.load();
    assert.ok(loaded.ok);
    const [first, second] = [loaded.value.current, ...loaded.value.previous];
    for (const key of [first, second]) {
      const text = key?.reveal() ?? assert.fail();
      assert.ok(!redactor.redact(text).includes(text.slice(0, 43)));
    }
  });

  it('knows the former value of a renewed key, although this window has not opened it', async () => {
    await world.window().vault.set('acme', origin, new Secret(valueOf(0)));
    const { vault, redactor } = world.window();
    await vault.set('acme', origin, new Secret(valueOf(1)));
    for (const round of [0, 1]) assert.ok(!redactor.redact(valueOf(round)).includes(valueOf(round)));
  });
});
