/**
 * A window of the first version, as a process of its own. Started with the folder of that version's sources, and the
 * files of the ledger and of its anchor. It does what the parent asks, and reports what came of it.
 */
import { randomUUID } from 'node:crypto';
import path from 'node:path';

export interface Asked {
  readonly calls: number;
  readonly atOnce: number;
  /** Reserves for one more call before them, and settles it after them. */
  readonly inProgress: 'none' | 'begin' | 'end';
  /** Tries every other way to write as well. */
  readonly everyWrite: boolean;
}

export interface Reported {
  /** How many calls ended with each result, such as `done` or `refused: ledger: …`. */
  readonly results: Readonly<Record<string, number>>;
  /** What came of everything else that it tried, by name. */
  readonly writes: Readonly<Record<string, string>>;
  /** What it reported to its own log. */
  readonly troubles: readonly string[];
}

/** What is used of the first version. Its types are not those of today, so they are named here. */
interface First {
  readonly callOf: (changes: object) => object;
  readonly hear: (
    run: unknown,
  ) => Promise<{ result: { kind: string; refusal?: { kind: string; problem?: string } } }>;
  readonly instantSender: unknown;
  readonly openAll: object;
  readonly createGuard: (ports: object) => { run: (call: object) => unknown };
  readonly startLedger: (options: object) => Promise<{ store: Store; ledger: Ledger }>;
  readonly deferLedger: (opening: Promise<Ledger>) => Ledger;
  readonly defaultLedgerSettings: object;
  readonly actOnProvider: (store: Store, provider: string, act: string) => Promise<unknown>;
  readonly wantGateway: (store: Store, wanted: boolean) => Promise<unknown>;
  readonly applyRetention: (store: Store, retention: object) => Promise<unknown>;
  readonly ledgerTokens: (store: Store) => { put: (row: object) => Promise<unknown> };
  readonly ledgerManifest: (store: Promise<Store>) => { put: (entry: object) => Promise<unknown> };
  readonly ledgerVaultAudit: (store: Promise<Store>) => { write: (event: object) => Promise<unknown> };
  readonly ledgerVaultLock: (
    store: Promise<Store>,
    clock: unknown,
    random: unknown,
  ) => { hold: (work: () => Promise<unknown>) => Promise<unknown> };
  readonly request: () => object;
  readonly completed: () => object;
  readonly recordOf: (admission: unknown) => object;
  readonly systemClock: unknown;
  readonly systemRandom: unknown;
  readonly ok: (value: unknown) => unknown;
}
type Store = object;
interface Ledger {
  admit(
    request: object,
  ): Promise<{ ok: boolean; value?: unknown; error?: { kind: string; problem?: string } }>;
  renew(admission: unknown): Promise<unknown>;
  rest(admission: unknown, restMs: number): Promise<unknown>;
  settle(admission: unknown, settlement: object, record: object): Promise<unknown>;
  record(record: object): Promise<unknown>;
}

const modules = [
  'test/support/guard-fixture.ts',
  'test/bench/instant.ts',
  'test/integration/ledger/ledger-requests.ts',
  'src/guard/guard.ts',
  'src/ledger/start.ts',
  'src/ledger/deferred-ledger.ts',
  'src/ledger/ledger-settings.ts',
  'src/ledger/acts.ts',
  'src/ledger/retention.ts',
  'src/ledger/vault-ports.ts',
  'src/gateway/ledger-tokens.ts',
  'src/shared/clock.ts',
  'src/shared/random.ts',
  'src/shared/result.ts',
];

const [root = '', file = '', anchorFile = ''] = process.argv.slice(2);
const imported = await Promise.all(
  modules.map((module) => import(path.join(root, module)) as Promise<Partial<First>>),
);
const first = Object.assign({}, ...imported) as First;
const { systemClock: clock, systemRandom: random, ok } = first;
let troubles: string[] = [];
const onTrouble = (error: unknown) => {
  troubles.push(String(error));
};
const opening = first.startLedger({
  ...{ file, anchorFile, clock, random, timeZone: 'UTC', onTrouble },
  settings: first.defaultLedgerSettings,
  auditKey: () => ({ id: 'key-1', key: Buffer.alloc(32, 7) }),
});
const ledger = first.deferLedger(opening.then((started) => started.ledger));
const guard = first.createGuard({
  rulebook: { rulesFor: () => ok(first.openAll) },
  checkPrompt: (call: { prompt: unknown }) => Promise.resolve(ok(call.prompt)),
  openKey: () => Promise.resolve(ok(undefined)),
  ...{ ledger, clock, random, sender: first.instantSender, onLedgerTrouble: onTrouble },
});
let inProgress: unknown;

async function report({ calls, atOnce, inProgress: step, everyWrite }: Asked): Promise<Reported> {
  troubles = [];
  if (step === 'begin') inProgress = (await ledger.admit(first.request())).value;
  const results: Record<string, number> = {};
  let left = calls;
  const callInTurn = async () => {
    while (left-- > 0) {
      const { result } = await first.hear(guard.run(first.callOf({ id: randomUUID() })));
      const { kind, refusal } = result;
      const name = refusal === undefined ? kind : `${kind}: ${refusal.kind}: ${refusal.problem ?? ''}`;
      results[name] = (results[name] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, callInTurn));
  const writes: Record<string, string> = {};
  const tried = async (name: string, write: () => Promise<unknown>) => {
    writes[name] = await write().then(
      () => 'done',
      (error: unknown) => String(error),
    );
  };
  if (everyWrite) await tryEveryWrite(tried);
  if (step === 'end') {
    await tried('settle', () => ledger.settle(inProgress, first.completed(), first.recordOf(inProgress)));
  }
  return { results, writes, troubles };
}

async function tryEveryWrite(
  tried: (name: string, write: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const store = opening.then((started) => started.store);
  const key = { kid: 'key-1', redactedKey: '****1234', origin: 'https://acme.example', setAtMs: 1 };
  await tried('renew', () => ledger.renew(inProgress));
  await tried('rest', () => ledger.rest(inProgress, 60_000));
  await tried('record', () => ledger.record(first.recordOf(inProgress)));
  await tried('pause', async () => first.actOnProvider(await store, 'acme', 'pause'));
  await tried('trip', async () => first.actOnProvider(await store, 'acme', 'trip'));
  await tried('want the gateway', async () => first.wantGateway(await store, true));
  await tried('issue a token', async () =>
    first.ledgerTokens(await store).put({ id: 'old', grant: { kind: 'readOnly' }, hash: 'ab', createdMs: 1 }),
  );
  await tried('list a key', () => first.ledgerManifest(store).put({ provider: 'acme', ...key }));
  await tried('record a key event', () =>
    first.ledgerVaultAudit(store).write({ kind: 'keySet', provider: 'acme', ...key }),
  );
  await tried('take the lock of the vault', () =>
    first.ledgerVaultLock(store, clock, random).hold(() => Promise.resolve()),
  );
  await tried('drop what is old', async () =>
    first.applyRetention(await store, { usageDays: 31, auditDays: 1 }),
  );
}

process.on('message', (asked: Asked) => {
  void report(asked).then((reported) => process.send?.(reported));
});
// It ends with its parent.
process.once('disconnect', () => process.exit());
process.send?.(
  await opening.then(
    () => 'open',
    (error: unknown) => String(error),
  ),
);
