import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { capKinds, type CapScope } from '../../src/guard/caps.ts';
import { describeFailure } from '../../src/guard/describe-failure.ts';
import type { CallResult } from '../../src/guard/call-state.ts';
import { defaultTimeouts } from '../../src/guard/deadlines.ts';
import type { Failure } from '../../src/guard/outcome.ts';
import { describeRefusal, describeScope, type Refusal } from '../../src/guard/refusal.ts';
import { describeAuditFault, type AuditFault } from '../../src/ledger/audit/audit-faults.ts';
import { adviceFor } from '../../src/observe/advice.ts';
import { circuitWords } from '../../src/observe/status.ts';
import type { L10n, Wording } from '../../src/shared/l10n.ts';
import type { MigrationRefusal } from '../../src/vault/legacy-migration.ts';
import { describeKeyState, describeVaultRefusal, type VaultRefusal } from '../../src/vault/vault-refusal.ts';
import { describeMigrationRefusal, describeRotationRefusal } from '../../src/vault/describe-vault-refusal.ts';
import { languageless, translatedTexts, untranslatedSentences, wordingFunctions } from './l10n-texts.ts';
import type { SourceTree } from './source-tree.ts';

const root = path.join(import.meta.dirname, '../..');

function readSources(): SourceTree {
  const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' });
  return new Map(
    files
      .filter((file) => file.endsWith('.ts'))
      .map((file) => [file.replaceAll(path.sep, '/'), readFileSync(path.join(root, 'src', file), 'utf8')]),
  );
}

/** Sentences that no person reads, or that are of no language. */
const forPrograms = new Set([
  // Problems of requests.
  'must have 1 to 100 printable ASCII characters',
  'must have only printable ASCII characters, without spaces',
  'The call was aborted.',
  // Parts of prompts.
  '[the image that follows]',
  'Reply with the word OK.',
  // Names of makers and of formats.
  'Amazon Bedrock',
  'Hugging Face',
  'JSON Lines',
  'text/plain; version=0.0.4; charset=utf-8',
  'SQLite format 3\0',
]);

describe('the words that a person reads', () => {
  const sources = readSources();
  const { texts, unknown } = translatedTexts(sources);
  const inEditor = [...sources].filter(([file]) => file.startsWith('editor/') || file === 'compose.ts');

  it('are given to a translator as they stand, so that they can be collected', () => {
    assert.deepEqual(unknown, []);
  });

  it('are all in the bundle that translations are made from, and nothing else is', () => {
    const file = path.join(root, 'l10n', 'bundle.l10n.json');
    const bundle = Object.keys(JSON.parse(readFileSync(file, 'utf8')) as object);
    assert.ok(texts.size > 400, `only ${texts.size} texts were found`);
    assert.deepEqual(bundle, [...texts].sort(), 'run npm run l10n');
  });

  it('pass a translator in the editor, and in every file that words something', () => {
    // What the gateway answers is for programs, and in English.
    const wording = [...sources].filter(
      ([file, text]) => text.includes('/l10n.ts') && !file.startsWith('gateway/'),
    );
    const found = [...inEditor, ...wording].flatMap(([file, text]) => untranslatedSentences(file, text));
    assert.deepEqual(
      found.filter((where) => ![...forPrograms].some((text) => where.endsWith(`: ${text}`))),
      [],
    );
  });

  it('are asked for in the language of the person, but for the log', () => {
    const functions = wordingFunctions(sources);
    assert.ok(functions.has('describeRefusal') && functions.has('describeVaultRefusal'));
    assert.deepEqual(
      inEditor.flatMap(([file, text]) => languageless(file, text, functions)),
      [],
    );
  });

  it('are missed by none of these checks', () => {
    const source = `
      show('Something has happened.');
      show(\`\${name} has no key.\`);
      show(vscode.l10n.t('Something has happened.'), describe(refusal));
      show(describe(refusal, english));
      log.warn('Nobody reads this.', describe(refusal, english));
      show(describe(refusal, vscode.l10n), vscode.l10n.t(text));
    `;
    assert.deepEqual(untranslatedSentences('a.ts', source), [
      'a.ts:2: Something has happened.',
      'a.ts:3:  has no key.',
    ]);
    assert.deepEqual(languageless('a.ts', source, new Set(['describe'])), [
      'a.ts:4: describe(refusal)',
      'a.ts:5: describe(refusal, english)',
    ]);
    const collected = translatedTexts(new Map([['a.ts', source]]));
    assert.deepEqual([[...collected.texts], collected.unknown], [['Something has happened.'], ['a.ts:7']]);
  });
});

/** A language in which every text of the code is seen, and whatever has passed it by. */
const brackets: L10n = {
  t: (message, ...values) => `⟦${message.replaceAll(/\{(\d)\}/g, (_, at) => `⟧${values[Number(at)]}⟦`)}⟧`,
};

/** What is left of a text beside its translated parts. */
function untranslated(text: string): string {
  return text.replaceAll(/⟦[^⟦⟧]*⟧/g, '');
}

describe('the words of the rooms', () => {
  // Of names and numbers no letter is left, so what is left is of the code.
  const [provider, model, message] = ['1', '2', '3'];
  const problem: Wording = (l10n) => l10n.t('it went wrong');
  const scopes: CapScope[] = [{}, { provider }, { tenant: '4' }, { tenant: '4', provider, model }];
  const caps = capKinds.flatMap((kind) =>
    scopes
      .map((scope) => ({ scope, kind, limit: 5 }))
      .flatMap((cap): Refusal[] => [
        { kind: 'cap', provider, cap, used: 5, held: 0, resetsAtMs: 60_000 },
        { kind: 'cap', provider, cap, used: 5, held: 1 },
        { kind: 'cap', provider, cap, used: 5, held: 0, unknownPrice: true },
      ]),
  );
  const refusals: Refusal[] = [
    { kind: 'settings', provider, problem: (l10n) => l10n.t('there is no such provider') },
    { kind: 'policy', provider, model, denial: { rule: 'deny', pattern: '*' } },
    ...(['notAllowed', 'default', 'workspace'] as const).map((rule): Refusal => ({
      kind: 'policy',
      provider,
      model,
      denial: { rule },
    })),
    ...[5_000, 600_000, 60_000_000].map((retryAtMs): Refusal => ({
      kind: 'circuit',
      provider,
      state: 'open',
      retryAtMs,
    })),
    { kind: 'circuit', provider, state: 'halfOpen' },
    { kind: 'circuit', provider, state: 'forcedOpen' },
    { kind: 'paused', provider },
    { kind: 'rest', provider, model, retryAtMs: 9_000 },
    { kind: 'outOfCredit', provider },
    ...caps,
    { kind: 'vault', provider, problem: (l10n) => l10n.t('there is no key') },
    { kind: 'origin', provider, approved: '1', asked: '2' },
    { kind: 'promptSecret', what: (l10n) => l10n.t('a key') },
    { kind: 'ledger', problem: message },
  ];
  const failures: Failure[] = [
    ...(['connect', 'headers', 'read', 'firstContent', 'call'] as const).map((timer): Failure => ({
      kind: 'timeout',
      timer,
    })),
    ...(['connection', 'offline', 'cut', 'malformed', 'unsendable'] as const).map((kind): Failure => ({
      kind,
      problem,
    })),
    { kind: 'redirect', status: 302, problem },
    ...['', message].flatMap((said): Failure[] => [
      ...[401, 404, 429, 500, 418].map((status): Failure => ({ kind: 'http', status, message: said })),
      { kind: 'outOfCredit', status: 402, message: said },
      { kind: 'errorEvent', message: said },
      { kind: 'declined', message: said },
    ]),
  ];
  const vault: VaultRefusal[] = [
    { kind: 'notSet' },
    { kind: 'lost' },
    { kind: 'locked', kid: '1' },
    { kind: 'broken', why: (l10n) => l10n.t('it is damaged') },
    { kind: 'originChanged', approved: '1', wanted: '2' },
    { kind: 'environmentKeyMissing' },
    { kind: 'ringFile', path: '/', problem: message },
    { kind: 'store', message },
  ];
  const migrations: MigrationRefusal[] = (
    ['unknownProvider', 'originDeclined', 'otherKeySet', 'empty', 'unreadableToken'] as const
  ).map((kind) => ({ kind }));
  const faults: AuditFault[] = [
    { kind: 'altered', seq: 1 },
    { kind: 'missing', fromSeq: 1, toSeq: 2 },
    { kind: 'cutTail', fromSeq: 1, toSeq: 2 },
    { kind: 'rewrittenTail', seq: 1 },
    ...(['brokenAnchor', 'missingAnchor', 'unsignedAnchor', 'forgedAnchor'] as const).map((kind) => ({
      kind,
    })),
    { kind: 'unknownAnchorKey', keyId: '1' },
    { kind: 'unsignedCheckpoint', seq: 1 },
    { kind: 'rolledBack', seq: 1 },
    { kind: 'unknownKey', seq: 1, keyId: '2' },
  ];
  const target = { provider, model };
  const results: CallResult[] = [
    { kind: 'aborted', target, attempts: 0 },
    ...refusals.map((refusal): CallResult => ({ kind: 'refused', target, attempts: 0, refusal })),
    ...failures.map((failure): CallResult => ({
      kind: 'failed',
      target,
      attempts: 1,
      timings: {},
      failure,
      afterContent: false,
    })),
  ];

  const worded: Record<string, (string | undefined)[]> = {
    refusals: refusals.map((refusal) => describeRefusal(refusal, 0, brackets)),
    failures: failures.map((failure) => describeFailure(failure, undefined, brackets)),
    timeouts: failures.map((failure) => describeFailure(failure, defaultTimeouts, brackets)),
    scopes: scopes.map((scope) => describeScope(scope, brackets)),
    'the vault': vault.map((refusal) => describeVaultRefusal(refusal, brackets).message),
    keys: vault.map((state) => describeKeyState(state, brackets)),
    migration: migrations.map((refusal) => describeMigrationRefusal(refusal, brackets)),
    rotation: [describeRotationRefusal({ kind: 'environmentRing' }, brackets)],
    circuits: (['closed', 'open', 'halfOpen', 'forcedOpen'] as const).map((kind) =>
      circuitWords(kind, brackets),
    ),
    'the audit trail': faults.map((fault) => describeAuditFault(fault, brackets)),
    advice: results.map((result) => adviceFor(result, brackets)),
  };
  for (const [what, texts] of Object.entries(worded)) {
    it(`pass a translator: ${what}`, () => {
      for (const text of texts) {
        // The timers are names of settings.
        const names = /HTTP|connect|headers|read|firstContent|call/g;
        const left = untranslated(text ?? '').replaceAll(names, '');
        assert.doesNotMatch(left, /\p{L}/u, text);
      }
    });
  }
});
