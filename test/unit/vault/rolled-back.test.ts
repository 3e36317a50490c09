import assert from 'node:assert/strict';
import { Secret } from '../../../src/shared/secret.ts';
import { MasterKey } from '../../../src/vault/master-key.ts';
import type { Ring } from '../../../src/vault/key-ring.ts';
import { ageOfRow, entryOf, removedEntryOf, type Listed } from '../../../src/vault/row-age.ts';
import { rowName } from '../../../src/vault/row-name.ts';
import { createWorld, type World } from './harness.ts';

const [first, second] = ['https://first.example', 'https://second.example'];
const [oldKey, newKey] = ['sk-old-key-0000', 'sk-new-key-1111'];
const provider = 'acme';

/** A generation. */
function at(sealedAtS: number, last = 0): string {
  const bytes = Buffer.alloc(25, last);
  bytes[0] = 0x80;
  bytes.writeBigUInt64BE(BigInt(sealedAtS), 1);
  return bytes.toString('base64url');
}

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

  const listed = (name = provider) => world.manifest.entries.get(name) ?? assert.fail();

  async function outcome(origin = first): Promise<string | undefined> {
    const opened = await world.window().vault.open(provider, origin);
    return opened.ok ? opened.value?.secret.reveal() : opened.error.kind;
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
    const { generation: _, keyMac: _k, entryMac: _e, ...entry } = listed();
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

  it('to an older key with the same last four characters is outdated, with one audit row', async () => {
    const before = await set(first, 'sk-old-key-1111');
    await set(first, newKey);
    restore(before);

    const { vault } = world.window();
    const opened = await vault.open(provider, first);
    assert.equal(opened.ok ? 'opened' : opened.error.kind, 'rolledBack');
    assert.equal((await vault.state(provider, first)).kind, 'rolledBack');
    assert.equal(rolledBack().length, 1);
    const sealed = await vault.sealAgain();
    assert.deepEqual(sealed.ok && sealed.value.kept.map(({ refusal }) => refusal.kind), ['rolledBack']);
    const rotated = await vault.rotate();
    assert.deepEqual(rotated.ok && rotated.value.sealed, []);
    assert.equal(await outcome(), 'rolledBack');
    await set(first, newKey);
    assert.equal(await outcome(), newKey);
  });

  it('to an older key is not used by a confirmation of another address either', async () => {
    const before = await set(first, 'sk-old-key-1111');
    await set(first, newKey);
    restore(before);

    const confirmed = await world.window().vault.confirmOrigin(provider, second);
    assert.equal(confirmed.ok ? 'confirmed' : confirmed.error.kind, 'rolledBack');
  });

  for (const [what, change] of Object.entries({
    'an older time': { generation: 'gAAAAAAAAAAA' },
    'another address': { origin: second },
    'another master key': { kid: '0123456789abcdef' },
    'the MAC of another entry': { entryMac: 'x' },
    'a MAC of other characters': { entryMac: 'é'.repeat(43) },
  })) {
    it(`does not open with a manifest's entry that was given ${what}`, async () => {
      const before = await set(first, 'sk-old-key-1111');
      await set(first, newKey);
      restore(before);
      await world.manifest.put({ ...listed(), ...change });

      assert.equal(await outcome(), 'rolledBack');
      assert.equal(rolledBack().length, 1);
      const confirmed = await world.window().vault.confirmOrigin(provider, first);
      assert.equal(confirmed.ok ? 'confirmed' : confirmed.error.kind, 'rolledBack');
      await set(first, newKey);
      assert.equal(await outcome(), newKey);
    });
  }

  it('does not open with the entry of another provider, or of the same key before its removal', async () => {
    const before = await set(first, oldKey);
    const entryBefore = listed();
    const { vault } = world.window();
    assert.ok((await vault.remove(provider)).ok);
    restore(before);
    await world.manifest.put({ ...listed(`removed:${provider}`), provider });
    assert.equal(await outcome(), 'rolledBack');

    await set(first, newKey);
    restore(before);
    await world.manifest.put({ ...entryBefore, provider: 'other' });
    world.store.rows.set(rowName('other'), before);
    assert.equal(await outcome(), 'rolledBack');
    const other = await world.window().vault.open('other', first);
    assert.equal(other.ok ? 'opened' : other.error.kind, 'broken');
  });

  it('is found after a rotation, too', async () => {
    const before = await set(first, 'sk-old-key-1111');
    await set(first, newKey);
    const { vault } = world.window();
    assert.ok((await vault.rotate()).ok);
    restore(before);
    assert.equal(await outcome(), 'rolledBack');
  });

  it('opens if it has the same key, whenever and under whichever master key it was sealed', async () => {
    const before = await set(first, newKey);
    await set(first, oldKey);
    await set(first, newKey);
    assert.ok((await world.window().vault.rotate()).ok);
    restore(before);
    assert.equal(await outcome(), newKey);
  });

  it('is not a newer key whose window crashed before it wrote the manifest', async () => {
    await set(first, 'sk-new-key-0000');
    const ring = await world.window().ring.loadForSealing();
    assert.ok(ring.ok);
    const { current } = ring.value;
    const older = { provider, kid: current.kid, origin: first, key: new Secret(oldKey), generation: at(10) };
    const entryBefore = entryOf(older, 0, current);
    await world.manifest.put(entryBefore);
    assert.equal(await outcome(), 'sk-new-key-0000');
    assert.ok((await world.window().vault.sealAgain()).ok);
    assert.notEqual(listed().generation, entryBefore.generation);
    assert.equal(await outcome(), 'sk-new-key-0000');
  });

  it('is found once a start has signed the entry of an earlier version', async () => {
    const before = await set(first, 'sk-old-key-1111');
    await set(first, newKey);
    const { keyMac, entryMac, ...unsigned } = listed();
    await world.manifest.put(unsigned);
    assert.equal(await outcome(), newKey);
    assert.ok((await world.window().vault.sealAgain()).ok);
    assert.deepEqual(listed(), { ...unsigned, keyMac, entryMac });
    assert.equal(rolledBack().length, 0);
    restore(before);
    assert.equal(await outcome(), 'rolledBack');
  });

  it('reveals no key in the manifest: equal keys of two providers have different MACs', async () => {
    await set(first, newKey);
    await world.window().vault.set('other', first, new Secret(newKey));
    const [one, two] = [listed(), listed('other')];
    assert.notEqual(one.keyMac, two.keyMac);
    assert.match(one.keyMac ?? '', /^[\w-]{43}$/);
    assert.ok(!JSON.stringify([one, two]).includes(newKey));
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

describe('ageOfRow', () => {
  const current = MasterKey.generate();
  const ring: Ring = { source: 'file', current, previous: [] };
  const row = (generation: string, origin = first, key = newKey) => ({
    provider,
    kid: current.kid,
    origin,
    key: new Secret(key),
    generation,
  });
  const unsigned = (generation?: string, isRemoved = false): Listed => ({
    entry: { provider, kid: '', origin: first, redactedKey: '*********1111', setAtMs: 10_500, generation },
    isRemoved,
  });
  const signed = (generation: string): Listed => ({
    entry: entryOf(row(generation), 10_500, current),
    isRemoved: false,
  });
  const removed = (generation: string): Listed => ({
    entry: removedEntryOf(signed(generation).entry, 11_000, ring),
    isRemoved: true,
  });

  for (const [what, listed] of [
    ['a signed entry', signed],
    ['an entry of an earlier version', unsigned],
  ] as const) {
    describe(`compared with ${what}`, () => {
      it('is current for a newer row, which a window wrote before it crashed', () => {
        assert.equal(ageOfRow(row(at(11), second, oldKey), listed(at(10)), ring), 'current');
      });

      it('is rolled back for an older row, and for another one of the same second', () => {
        assert.equal(ageOfRow(row(at(9), first, oldKey), listed(at(10)), ring), 'rolledBack');
        assert.equal(ageOfRow(row(at(10, 1), first, oldKey), listed(at(10)), ring), 'rolledBack');
        assert.equal(ageOfRow(row(at(10), second), listed(at(10)), ring), 'rolledBack');
      });

      it('is current for the same key and address, whenever it was sealed', () => {
        assert.equal(ageOfRow(row(at(10)), listed(at(10)), ring), 'current');
        assert.equal(ageOfRow(row(at(9)), listed(at(10)), ring), 'current');
      });
    });
  }

  it('is rolled back for the row of a removed key, and current for a newer one', () => {
    for (const listed of [removed(at(10)), unsigned(at(10), true)]) {
      assert.equal(ageOfRow(row(at(10)), listed, ring), 'rolledBack');
      assert.equal(ageOfRow(row(at(9)), listed, ring), 'rolledBack');
      assert.equal(ageOfRow(row(at(11)), listed, ring), 'current');
    }
    assert.equal(ageOfRow(row(at(10)), unsigned(undefined, true), ring), 'rolledBack');
    assert.equal(ageOfRow(row(at(11)), unsigned(undefined, true), ring), 'current');
  });

  it('is forged for a signed entry that was changed, or whose master key is not in the ring', () => {
    const { entry } = signed(at(10));
    const changed = { entry: { ...entry, setAtMs: 1 }, isRemoved: false };
    assert.equal(ageOfRow(row(at(11)), changed, ring), 'forged');
    const other: Ring = { ...ring, current: MasterKey.generate() };
    assert.equal(ageOfRow(row(at(11)), signed(at(10)), other), 'forged');
    assert.equal(ageOfRow(row(at(11)), removed(at(10)), other), 'forged');
  });

  it('does not sign the entry of a removed key without its master key', () => {
    assert.equal(removedEntryOf(signed(at(10)).entry, 1, undefined).entryMac, undefined);
  });

  it('takes a generation that cannot be read for the oldest', () => {
    assert.equal(ageOfRow(row(at(9), first, oldKey), unsigned('?'), ring), 'current');
  });
});
