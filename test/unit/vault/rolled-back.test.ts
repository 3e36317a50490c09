import assert from 'node:assert/strict';
import { Secret } from '../../../src/shared/secret.ts';
import { isRolledBack } from '../../../src/vault/row-age.ts';
import { rowName } from '../../../src/vault/row-name.ts';
import { createWorld, type World } from './harness.ts';

const [first, second] = ['https://first.example', 'https://second.example'];
const [oldKey, newKey] = ['sk-old-key-0000', 'sk-new-key-1111'];
const provider = 'acme';

describe('a row of SecretStorage that was rolled back', () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld();
  });
  afterEach(() => world.remove());

  async function set(origin: string, key: string): Promise<string> {
    const stored = await world.window().vault.set(provider, origin, new Secret(key));
    assert.ok(stored.ok);
    return world.store.rows.get(rowName(provider)) ?? '';
  }

  function restore(row: string): void {
    world.store.rows.set(rowName(provider), row);
  }

  const rolledBack = () => world.events.filter(({ kind }) => kind === 'keyRolledBack');

  it('to another address is refused as another origin, with one audit row', async () => {
    const before = await set(first, oldKey);
    await set(second, newKey);
    restore(before);

    const { vault } = world.window();
    for (let call = 0; call < 2; call += 1) {
      assert.deepEqual(await vault.open(provider, first), {
        ok: false,
        error: { kind: 'originChanged', approved: second, wanted: first },
      });
    }
    assert.deepEqual(await vault.state(provider, first), {
      kind: 'originChanged',
      approved: second,
      wanted: first,
    });
    const [row, ...others] = rolledBack();
    assert.equal(others.length, 0);
    assert.ok(row?.kind === 'keyRolledBack');
    assert.deepEqual(
      [row.provider, row.redactedKey, row.stored, row.approved],
      [provider, '*********0000', first, second],
    );
  });

  it('to another address is refused for the new address, too', async () => {
    const before = await set(first, oldKey);
    await set(second, newKey);
    restore(before);

    assert.deepEqual(await world.window().vault.open(provider, second), {
      ok: false,
      error: { kind: 'originChanged', approved: first, wanted: second },
    });
    assert.equal(rolledBack().length, 1);
  });

  it('to another address is refused after a confirmation of the same key', async () => {
    const before = await set(first, oldKey);
    const { vault } = world.window();
    assert.ok((await vault.confirmOrigin(provider, second)).ok);
    restore(before);

    const opened = await world.window().vault.open(provider, first);
    assert.equal(opened.ok ? 'opened' : opened.error.kind, 'originChanged');
  });

  it('is refused although the manifest is of a version that did not record generations', async () => {
    await set(first, oldKey);
    const { generation: _, ...entry } = world.manifest.entries.get(provider) ?? assert.fail();
    await world.manifest.put({ ...entry, origin: second });

    const opened = await world.window().vault.open(provider, first);
    assert.equal(opened.ok ? 'opened' : opened.error.kind, 'originChanged');
    assert.equal(rolledBack().length, 1);
  });

  it('to an older key of the same address is outdated, with one audit row', async () => {
    const before = await set(first, oldKey);
    await set(first, newKey);
    restore(before);

    const { vault } = world.window();
    const opened = await vault.open(provider, first);
    assert.equal(opened.ok ? 'opened' : opened.error.kind, 'rolledBack');
    assert.equal((await vault.state(provider, first)).kind, 'rolledBack');
    assert.equal(rolledBack().length, 1);
  });

  it('is not sealed again at start or by a rotation, which would make it the latest', async () => {
    const before = await set(first, oldKey);
    await set(second, newKey);
    restore(before);

    const { vault } = world.window();
    const sealed = await vault.sealAgain();
    assert.deepEqual(sealed.ok && sealed.value.kept.map(({ refusal }) => refusal.kind), ['rolledBack']);
    const rotated = await vault.rotate();
    assert.deepEqual(rotated.ok && rotated.value.sealed, []);
    assert.equal(world.store.rows.get(rowName(provider)), before);
    const opened = await vault.open(provider, first);
    assert.equal(opened.ok ? 'opened' : opened.error.kind, 'originChanged');
  });

  it('is used again after the user has confirmed its address', async () => {
    const before = await set(first, oldKey);
    await set(second, newKey);
    restore(before);

    const { vault } = world.window();
    assert.ok((await vault.confirmOrigin(provider, first)).ok);
    const opened = await vault.open(provider, first);
    assert.equal(opened.ok && opened.value?.secret.reveal(), oldKey);
    const confirmed = world.events.find(({ kind }) => kind === 'originConfirmed');
    assert.ok(confirmed?.kind === 'originConfirmed');
    assert.deepEqual([confirmed.from, confirmed.to], [second, first]);
  });

  it('is not used again by a confirmation of the address that it has', async () => {
    const before = await set(first, oldKey);
    await set(first, newKey);
    restore(before);

    const confirmed = await world.window().vault.confirmOrigin(provider, first);
    assert.equal(confirmed.ok ? 'confirmed' : confirmed.error.kind, 'rolledBack');
  });

  it('is replaced by a key that the user enters', async () => {
    const before = await set(first, oldKey);
    await set(second, newKey);
    restore(before);

    await set(second, newKey);
    const opened = await world.window().vault.open(provider, second);
    assert.equal(opened.ok && opened.value?.secret.reveal(), newKey);
  });

  it('to a removed key does not open, with one audit row', async () => {
    const before = await set(first, oldKey);
    const { vault } = world.window();
    assert.ok((await vault.remove(provider)).ok);
    assert.deepEqual(await vault.state(provider, first), { kind: 'notSet' });
    restore(before);

    const opened = await vault.open(provider, first);
    assert.equal(opened.ok ? 'opened' : opened.error.kind, 'rolledBack');
    assert.equal(rolledBack().length, 1);
    await vault.remove(provider);
    assert.deepEqual(await vault.state(provider, first), { kind: 'notSet' });
  });

  it('is forgotten once the removed key is set again', async () => {
    await set(first, oldKey);
    const { vault } = world.window();
    await vault.remove(provider);
    await set(second, newKey);
    const opened = await vault.open(provider, second);
    assert.equal(opened.ok && opened.value?.secret.reveal(), newKey);
    assert.deepEqual([...world.manifest.entries.keys()], [provider]);
  });

  it('is not what a removal leaves that the store refuses', async () => {
    await set(first, oldKey);
    const { vault } = world.window();
    const { store } = world;
    store.delete = () => Promise.reject(new Error('locked'));
    assert.equal((await vault.remove(provider)).ok, false);
    const opened = await vault.open(provider, first);
    assert.equal(opened.ok && opened.value?.secret.reveal(), oldKey);
  });

  it("opens if it is only late: another window's change is on its way", async () => {
    const before = await set(first, oldKey);
    const latest = await set(second, newKey);
    restore(before);

    const opening = world.window().vault.open(provider, second);
    setTimeout(() => {
      restore(latest);
    }, 100);
    const opened = await opening;
    assert.equal(opened.ok && opened.value?.secret.reveal(), newKey);
    assert.equal(rolledBack().length, 0);
  });
});

describe('isRolledBack', () => {
  const at = (sealedAtS: number, last = 0) => {
    const bytes = Buffer.alloc(25, last);
    bytes[0] = 0x80;
    bytes.writeBigUInt64BE(BigInt(sealedAtS), 1);
    return bytes.toString('base64url');
  };
  const row = (generation: string, origin = first, key = newKey) => ({
    provider,
    kid: '',
    origin,
    key: new Secret(key),
    generation,
  });
  const entry = (generation?: string, isRemoved = false) => ({
    entry: { provider, kid: '', origin: first, redactedKey: '*********1111', setAtMs: 10_500, generation },
    isRemoved,
  });

  it('is false for a newer row, which a window wrote before it crashed', () => {
    assert.equal(isRolledBack(row(at(11), second, oldKey), entry(at(10))), false);
  });

  it('is true for an older row, and for another one of the same second', () => {
    assert.equal(isRolledBack(row(at(9), first, oldKey), entry(at(10))), true);
    assert.equal(isRolledBack(row(at(10, 1), first, oldKey), entry(at(10))), true);
    assert.equal(isRolledBack(row(at(10), second), entry(at(10))), true);
  });

  it('is false for the same key and address, whenever it was sealed', () => {
    assert.equal(isRolledBack(row(at(10)), entry(at(10))), false);
    assert.equal(isRolledBack(row(at(9)), entry(at(10))), false);
  });

  it('is true for the row of a removed key, and false for a newer one', () => {
    assert.equal(isRolledBack(row(at(10)), entry(at(10), true)), true);
    assert.equal(isRolledBack(row(at(9)), entry(at(10), true)), true);
    assert.equal(isRolledBack(row(at(11)), entry(at(10), true)), false);
    assert.equal(isRolledBack(row(at(10)), entry(undefined, true)), true);
    assert.equal(isRolledBack(row(at(11)), entry(undefined, true)), false);
  });

  it('takes a generation that cannot be read for the oldest', () => {
    assert.equal(isRolledBack(row(at(9), first, oldKey), entry('?')), false);
  });
});
