import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../../scripts/paths.ts';
import { failureError } from '../../../src/gateway/refusals/failure-answer.ts';
import { refusalError } from '../../../src/gateway/refusals/refusal-answer.ts';
import type { Failure } from '../../../src/guard/outcome.ts';
import type { Refusal, RefusalKind } from '../../../src/guard/refusal.ts';
import { describeKeyState, type KeyState } from '../../../src/vault/vault-refusal.ts';
import { codeIn, sectionOf, sorted, tableRowsIn } from '../../support/markdown.ts';

const page = 'docs/troubleshooting.md';
const problem = () => '';
const target = { provider: 'acme', model: 'small' };
const cap = { scope: {}, kind: 'requestsPerDay', limit: 1 } as const;

/** One of each kind. The type asks for a new kind here, and the tests then ask for its row. */
const refusals: { readonly [Kind in RefusalKind]: Refusal & { readonly kind: Kind } } = {
  settings: { kind: 'settings', provider: 'acme', problem },
  policy: { kind: 'policy', ...target, denial: { rule: 'default' } },
  circuit: { kind: 'circuit', provider: 'acme', state: 'open' },
  paused: { kind: 'paused', provider: 'acme' },
  rest: { kind: 'rest', ...target, retryAtMs: 0 },
  outOfCredit: { kind: 'outOfCredit', provider: 'acme' },
  cap: { kind: 'cap', provider: 'acme', cap, used: 1, held: 0 },
  vault: { kind: 'vault', provider: 'acme', problem },
  origin: { kind: 'origin', provider: 'acme', approved: '', asked: '' },
  promptSecret: { kind: 'promptSecret', what: problem },
  ledger: { kind: 'ledger', problem: '' },
};

const failures: { readonly [Kind in Failure['kind']]: Failure & { readonly kind: Kind } } = {
  timeout: { kind: 'timeout', timer: 'read' },
  connection: { kind: 'connection', problem },
  offline: { kind: 'offline', problem },
  http: { kind: 'http', status: 500, message: '' },
  outOfCredit: { kind: 'outOfCredit', status: 402, message: '' },
  cut: { kind: 'cut', problem },
  errorEvent: { kind: 'errorEvent', message: '' },
  malformed: { kind: 'malformed', problem },
  redirect: { kind: 'redirect', status: 302, problem },
  unsendable: { kind: 'unsendable', problem },
  declined: { kind: 'declined', message: '' },
};

const keyStates: { readonly [Kind in KeyState['kind']]: KeyState & { readonly kind: Kind } } = {
  set: { kind: 'set', kid: '', origin: '', redactedKey: '' },
  notSet: { kind: 'notSet' },
  lost: { kind: 'lost' },
  locked: { kind: 'locked', kid: '' },
  originChanged: { kind: 'originChanged', approved: '', wanted: '' },
  broken: { kind: 'broken', why: problem },
  environmentKeyMissing: { kind: 'environmentKeyMissing' },
  malformedKey: { kind: 'malformedKey', variable: 'LLM_SECRET_KEY', position: 1 },
  weakKey: { kind: 'weakKey', variable: 'LLM_SECRET_KEY', position: 1 },
  ringFile: { kind: 'ringFile', path: '', problem: '' },
  exposedRing: { kind: 'exposedRing', path: '', exposure: 'writable', command: '' },
  rolledBack: { kind: 'rolledBack', kid: '', redactedKey: '', stored: '', approved: '' },
  store: { kind: 'store', message: '' },
  storeSilent: { kind: 'storeSilent' },
};

/** Each row's code, and how the gateway spells it. */
function spelledIn(title: string): [code: string, gateway: string][] {
  const [table = ''] = sectionOf(page, title).split('\n### ');
  return tableRowsIn(table).map(([code = '', gateway = '']) => [
    codeIn(code)[0] ?? '',
    gateway.replaceAll('`', ''),
  ]);
}

function spelled({ status, code }: { readonly status: number; readonly code: string }): string {
  return `${status} ${code}`;
}

/** Every code in the gateway's sources with the status beside it, where that is a number. */
function codesInSources(): Map<string, Set<number>> {
  const folder = path.join(root, 'src', 'gateway');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const codes = new Map<string, Set<number>>();
  const add = (code = '', status?: string) => {
    const statuses = codes.get(code) ?? new Set<number>();
    if (status !== undefined) statuses.add(Number(status));
    codes.set(code, statuses);
  };
  for (const file of files) {
    const text = readFileSync(path.join(folder, file), 'utf8');
    for (const [, status, code] of text.matchAll(/(?:status: (\d+),\s+)?code: '(\w+)'/g)) add(code, status);
    for (const [, status, code] of text.matchAll(/\brefused\(\s*(\d+),\s*'(\w+)'/g)) add(code, status);
    for (const [, code] of text.matchAll(/\binvalid\(\s*'([a-z]+(?:_[a-z]+)*)'/g)) add(code, '400');
  }
  return codes;
}

/** Of a client whose tool was not measured. */
const rules = { tool: undefined, capStatus: 'auto' } as const;
const once = { attempts: 1 };

describe('docs/troubleshooting.md', () => {
  it("has every refusal with the gateway's status and code, and no other", () => {
    const real = Object.values(refusals).map((refusal) => [
      refusal.kind,
      spelled(refusalError(refusal, 0, rules)),
    ]);
    assert.deepEqual(spelledIn('Refusals'), real);
  });

  it("has every failure with the gateway's status and code, and no other", () => {
    const real = Object.values(failures).map((failure) => [
      failure.kind,
      failure.kind === 'http'
        ? '[see below](#http-errors)'
        : spelled(failureError(target, failure, once, rules)),
    ]);
    assert.deepEqual(sorted(spelledIn('Failures').map(String)), sorted(real.map(String)));
  });

  it("has the gateway's code of every HTTP error", () => {
    const rows = tableRowsIn(sectionOf(page, 'HTTP errors'));
    const listed = new Map(
      rows.flatMap(([statuses = '', gateway = '']) =>
        statuses.split(', ').map((status) => [status, gateway.replaceAll('`', '')] as const),
      ),
    );
    for (let status = 400; status < 600; status += 1) {
      const error = failureError(target, { kind: 'http', status, message: '' }, once, rules);
      const row = listed.get(String(status)) ?? listed.get('all others');
      const isKept = error.code === 'provider_rejected';
      assert.equal(row, isKept ? `the same, ${error.code}` : spelled(error));
    }
  });

  it("has every other code of the gateway's with its status, and no other", () => {
    const others = new Set(
      ['Refusals', 'Failures', 'HTTP errors']
        .flatMap((title) => tableRowsIn(sectionOf(page, title)))
        .flatMap(([, gateway = '']) => codeIn(gateway).flatMap((code) => code.split(' ').at(-1) ?? [])),
    );
    for (const { code } of Object.values(refusals).map((refusal) => refusalError(refusal, 0, rules)))
      assert.ok(others.has(code), code);
    const real = [...codesInSources()]
      .filter(([code]) => !others.has(code))
      .map(([code, statuses]) => `${code} ${[...statuses].sort().join(', ')}`);
    const listed = tableRowsIn(sectionOf(page, 'Codes of the gateway')).map(
      ([code = '', statuses = '']) => `${codeIn(code)[0]} ${statuses}`,
    );
    assert.deepEqual(sorted(listed), sorted(real));
  });
});

describe('docs/security.md', () => {
  it('has every state of a key, and no other', () => {
    const words = Object.values(keyStates).map((state) => describeKeyState(state));
    const listed = tableRowsIn(sectionOf('docs/security.md', 'States of a key')).map(
      ([state = '']) => codeIn(state)[0],
    );
    // The ledger adds this one, for a key that the vault opens and the provider refuses.
    assert.deepEqual(sorted(listed.map(String)), sorted([...new Set(words), 'rejected']));
  });
});
