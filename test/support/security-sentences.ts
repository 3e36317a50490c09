/** The tests of each sentence in docs/security.md that promises something, by the sentence's first words. */
export const testsOfSentences: Readonly<Record<string, string>> = {
  'Callguard keeps each provider':
    'test/unit/vault/vault.test.ts: stores a key id and a token, and no plain text',
  'The token is sealed with': 'test/unit/vault/fernet.test.ts: does not open a token under another key',
  'In the environment variable':
    'test/unit/vault/key-ring.test.ts: seals with LLM_SECRET_KEY and also opens with LLM_PREVIOUS_KEYS',
  'Otherwise in `keys/ring.json`':
    'test/unit/vault/key-ring.test.ts: creates the file for sealing with access for its owner only, and keeps it',
  'Callguard creates this file':
    'test/unit/vault/key-ring.test.ts: takes the rights of others to the file and its folder away',
  'It does not use a file that':
    'test/unit/vault/key-ring.test.ts: refuses a file of another user, with the command that fixes it',
  'On Windows the file has the':
    'test/unit/vault/private-file.test.ts: changes nothing where files have no owner, as on Windows',
  'A master key must be random.': 'test/unit/vault/weak-key.test.ts: is true for …',
  'Callguard refuses one that': 'test/unit/vault/weak-key.test.ts: is true for …',
  'A key is sealed together':
    'test/unit/vault/vault.test.ts: compares the whole origin: scheme, host and port',
  'If the base URL points to':
    'test/unit/vault/vault.test.ts: refuses another origin until the user confirms it',
  'Callguard asks you before':
    'test/unit/vault/key-origin.test.ts: accepts … and judges whether a key may be sent',
  'A key is opened in memory':
    'test/vscode/workbench/echoed-key.test.ts: leaves the key neither in the log nor in the ledger nor anywhere else on disk',
  'No setting, log, or file':
    'test/vscode/workbench/echoed-key.test.ts: leaves the key neither in the log nor in the ledger nor anywhere else on disk',
  'The **Providers** view, **Callguard:':
    'test/unit/docs/troubleshooting.test.ts: has every state of a key, and no other',
  '**Callguard: Rotate Master':
    'test/unit/vault/rotation.test.ts: seals every key once under the new master key, so that all open',
  'You can cancel it at any':
    'test/unit/vault/rotation.test.ts: stops when cancelled with all keys readable, and finishes at the next start',
  'The previous master key stays':
    'test/unit/vault/rotation.test.ts: retires a master key at the second rotation after it',
  'Keys that cannot be opened':
    'test/unit/vault/rotation.test.ts: lists and keeps keys that cannot be opened, and seals the others',
  'Callguard uses these keys':
    'test/unit/vault/key-ring.test.ts: seals with LLM_SECRET_KEY and also opens with LLM_PREVIOUS_KEYS',
  'Callguard seals the provider':
    'test/unit/vault/rotation.test.ts: seals keys under a previous key from the environment again at start',
  'Without it, nobody can open':
    'test/unit/vault/vault.test.ts: reports a key under an unknown master key as locked, and never overwrites it',
  'Set `callguard.vault.requireEnvironmentKey`,':
    'test/unit/vault/key-ring.test.ts: requires LLM_SECRET_KEY in a production setup, even with a ring file',
  'Callguard then refuses every':
    'test/vscode/workbench/vault-environment.test.ts: refuses every call if a production set-up lacks it, and no other key replaces it',
  'Keys that were sealed with':
    'test/unit/vault/vault.test.ts: reports a key under an unknown master key as locked, and never overwrites it',
  'Callguard then seals them':
    'test/unit/vault/rotation.test.ts: seals keys under a previous key from the environment again at start',
  '[Guarded terminals](gateway.md#connect-a-tool)':
    'test/unit/gateway/client-environment.test.ts: removes the master keys and every variable that an import of keys reads',
  'Logs, errors, and messages':
    'test/vscode/workbench/echoed-key.test.ts: does not bring the key into the window through …',
  'Every key and header secret':
    'test/unit/vault/known-keys.test.ts: keeps the last eight earlier values of a key, and no more',
  'It finds them also in JSON,': 'test/unit/redaction/redact.test.ts: blanks the value in … at any position',
  'Text with the shape of a': 'test/unit/redaction/corpus.test.ts: are blanked in logs: …',
  'The same within a text in base64,':
    'test/unit/redaction/encoded-runs.test.ts: is found in …, in a prompt and in the log',
  'The same with characters that are escaped':
    'test/unit/redaction/disguised-runs.test.ts: is found in a prompt and in the log behind …',
  'Escapes of escapes count, too.':
    'test/unit/redaction/disguised-runs.test.ts: is found in a prompt and in the log behind …',
  'All of that text is blanked.':
    'test/unit/redaction/encoded-runs.test.ts: is found in …, in a prompt and in the log',
  'Values in places that usually': 'test/unit/redaction/redact.test.ts: blanks the value in: …',
  'It does not find a secret': 'test/unit/redaction/redact.test.ts: does not change ordinary text',
  'Before a prompt is sent,': 'test/unit/redaction/corpus.test.ts: are found in prompts, as what they are: …',
  'It looks at messages, tool':
    "test/unit/providers/prompt-check/prompt-texts.test.ts: reads the names of the properties of a tool call's input",
  'It also looks at files that':
    'test/unit/providers/prompt-check/prompt-texts.test.ts: reads and redacts …, however the file is given',
  'It does not look at images':
    'test/unit/providers/prompt-check/prompt-texts.test.ts: keeps an image as it is',
  'Your choice to send holds':
    'test/unit/providers/prompt-check/prompt-check.test.ts: asks once for each secret, and only for new ones',
  'Logs and the prompt check':
    'test/unit/docs/secret-kinds.test.ts: are listed in docs/security.md as the registry has them',
  'In a prompt, a secret counts': 'test/unit/redaction/prompt-scan.test.ts: does not find a secret in: …',
  '`callguard.redaction.shapes`':
    'test/unit/redaction/own-shapes.test.ts: are found in logs and prompts, and named as the user named them',
  'You can add up to 100 kinds.':
    'test/unit/redaction/own-shapes.test.ts: refuses what is not a list, or a longer list than it can use',
  'A regular expression is not':
    'test/unit/redaction/own-shapes.test.ts: refuses … with its place, and reads the other shapes',
  'Callguard writes an audit':
    'test/integration/ledger/windows.test.ts: writes one audit row for each change of the circuit',
  'It also writes one when you':
    "test/integration/ledger/manual-overrides.test.ts: writes one audit row for '…'",
  "A call's row has names, numbers,":
    'test/integration/ledger/audit.test.ts: reads rows that have the figures of a call, but neither prompt nor reply',
  'Besides the usual figures it':
    "test/unit/guard/guard.test.ts: records why the model stopped, the provider's request ID and where the cost comes from",
  'Each row is signed together': 'test/integration/ledger/audit.test.ts: finds … and its place',
  'The signing key derives from':
    'test/integration/ledger/audit.test.ts: finds no fault where the key changed, as each row names its key',
  'In `keys/audit-anchor.signed.json`,':
    'test/integration/ledger/maintenance.test.ts: anchors the last audit row two seconds after it was written, and then the row that says so',
  'The first record adds a row':
    'test/integration/ledger/maintenance.test.ts: anchors the last audit row two seconds after it was written, and then the row that says so',
  'From that row on, a missing':
    'test/integration/ledger/trail-keeper.test.ts: finds a truncated trail whose anchor was …, also after the trail grew again',
  'Without a master key, the':
    'test/integration/ledger/audit.test.ts: writes an anchor without a signature while there is no master key',
  "In VS Code's secret storage,":
    'test/integration/ledger/trail-witness.test.ts: is written at most once a minute, over all windows, and only for rows that are anchored',
  'No call waits for it.':
    'test/integration/ledger/trail-witness.test.ts: that does not answer costs 5 s, is reported, and is not asked again',
  'If the secret storage does':
    'test/integration/ledger/trail-witness.test.ts: that does not answer costs 5 s, is reported, and is not asked again',
  '**Callguard: Verify Audit':
    'test/integration/ledger/audit.test.ts: finds by the witness that the trail was replaced by an older copy, also if it grew again',
  'It reports rows that were':
    'test/integration/ledger/audit.test.ts: counts the rows that were written without a master key',
  'If the end of the trail cannot':
    'test/integration/ledger/trail-keys.test.ts: does not sign an anchor for a trail that was truncated before',
  'Choose **Continue from Here**':
    'test/vscode/workbench/overrides-and-audit.test.ts: detect a lost end, and continue once the user confirms',
  'Callguard writes a row that':
    'test/integration/ledger/trail-keeper.test.ts: continues a trail that was rolled back when the user accepts it, and records both ends',
  'Old rows are dropped only':
    'test/integration/ledger/retention.test.ts: drops nothing while there is no master key to sign the checkpoint with',
};

/** The first words of the sentences that lead on, refer, or advise, and promise nothing. */
export const sentencesWithoutTest: readonly string[] = [
  'This page describes how Callguard',
  '[SECURITY.md](../SECURITY.md) describes',
  'If you use `LLM_SECRET_KEY`,',
  'Set `LLM_SECRET_KEY` to the',
  'Add the old key to `LLM_PREVIOUS_KEYS`,',
  'Restart VS Code.',
  'Remove the old key, unless',
  'Back up the master key separately',
  'To make a key:',
  'Enter them again, or start',
  'Pass the key to VS Code from',
  'Child processes of VS Code,',
  'It finds:',
  '`callguard.promptSecrets`',
  'The last row is also recorded',
  '[SECURITY.md](../SECURITY.md#limits)',
];
