import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  readAnchor,
  signedAnchorFile,
  writeAnchor,
  type Anchor,
} from '../../../src/ledger/audit/audit-anchor.ts';
import { describeAuditFault } from '../../../src/ledger/audit/audit-faults.ts';
import { unsigned } from '../../../src/ledger/audit/audit-key.ts';
import { verifyAudit } from '../../../src/ledger/audit/verify-audit.ts';
import type { FakeClock } from '../../support/fake-clock.ts';
import { testKeys, trailKeys } from '../../support/open-ledger.ts';
import { admitted, folder, freshWindow, letGoAfterEach, type Window } from './ledger-fixture.ts';
import { auditKey, completed, recordOf } from './ledger-requests.ts';

async function windowWith(rows: number): Promise<Window<FakeClock>> {
  const window = await freshWindow();
  for (let n = 0; n < rows; n++) {
    const admission = await admitted(window, { callId: `call-${n}` });
    await window.ledger.settle(admission, completed(), recordOf(admission));
  }
  return window;
}

async function verify(window: Window, anchor?: Anchor, witness?: Anchor) {
  const anchors = anchor === undefined ? [] : [anchor];
  return await verifyAudit(window.store.audit, { keys: testKeys, anchors, witness });
}

const swap = (one: number, other: number): string => `
  CREATE TEMP TABLE both AS SELECT * FROM audit_row WHERE seq IN (${one}, ${other});
  DELETE FROM audit_row WHERE seq IN (${one}, ${other});
  INSERT INTO audit_row SELECT ${one} + ${other} - seq, at_ms, kind, body, key_id, mac FROM both`;

describe('verifyAudit', () => {
  letGoAfterEach();

  it('finds no fault in a trail that was not changed', async () => {
    const window = await windowWith(10);
    const { rows, head, faults } = await verify(window);
    assert.deepEqual([rows, head?.seq, faults], [10, 10, []]);
  });

  it('finds no fault where the key changed, as each row names its key', async () => {
    const keys = new Map(['one', 'two'].map((id, at) => [id, Buffer.alloc(32, at)]));
    let id = 'one';
    const window = await freshWindow({ auditKey: () => ({ id, key: keys.get(id) ?? Buffer.alloc(0) }) });
    for (id of ['one', 'one', 'two', 'one']) {
      await window.transactions.write(({ nowMs }) => {
        window.tables.audit.append(nowMs, 'key', {});
      });
    }
    const report = await verifyAudit(window.store.audit, {
      ...{ keys: trailKeys([...keys].map(([id, key]) => ({ id, key }))), anchors: [], witness: undefined },
    });
    assert.deepEqual([report.rows, report.faults], [4, []]);
    const signedBy = window.store.audit.after(0, 9).map(({ keyId }) => keyId);
    assert.deepEqual(signedBy, ['one', 'one', 'two', 'one']);
  });

  it('counts the rows that were written without a master key', async () => {
    let key = unsigned;
    const window = await freshWindow({ auditKey: () => key });
    for (key of [unsigned, auditKey, unsigned]) {
      await window.transactions.write(({ nowMs }) => {
        window.tables.audit.append(nowMs, 'key', {});
      });
    }
    const { rows, unsignedRows, faults } = await verify(window);
    assert.deepEqual([rows, unsignedRows, faults], [3, 2, []]);
  });

  it('finds no fault when old rows are dropped while it reads', async () => {
    const window = await freshWindow();
    await window.transactions.write(({ nowMs }) => {
      for (let n = 0; n < 1_234; n++) window.tables.audit.append(nowMs, 'key', { n });
    });
    const looking = verify(window);
    const dropped = await window.transactions.write(({ nowMs }) =>
      window.tables.audit.dropUpTo(700, 700, nowMs),
    );
    const { rows, faults } = await looking;
    assert.deepEqual([dropped, rows, faults], [700, 535, []]);
  });

  it('finds no fault in an empty trail', async () => {
    assert.deepEqual(await verify(await freshWindow()), {
      rows: 0,
      unsignedRows: 0,
      head: undefined,
      faults: [],
      lostEnd: false,
    });
  });

  it('finds no fault in a trail of many chunks', async () => {
    const window = await freshWindow();
    await window.transactions.write(({ nowMs }) => {
      for (let n = 0; n < 1_234; n++) window.tables.audit.append(nowMs, 'key', { n });
    });
    assert.deepEqual([(await verify(window)).rows, (await verify(window)).faults], [1_234, []]);
  });

  it('signs the facts that rows of earlier versions lack, and finds no fault in those rows', async () => {
    const window = await windowWith(1);
    const admission = await admitted(window, { callId: 'new' });
    const facts = { finish: 'length', code: 'too_long', requestId: 'req_1', costSource: 'provider' } as const;
    await window.ledger.settle(admission, completed(), { ...recordOf(admission), ...facts });
    assert.deepEqual((await verify(window)).faults, []);
    const [older, newer] = window.store.audit.after(0, 9).map(({ body }) => JSON.parse(body) as object);
    assert.deepEqual({ ...older, ...facts, callId: 'new', totalMs: 0 }, { ...newer, totalMs: 0 });
    window.db.exec(`UPDATE audit_row SET body = json_set(body, '$.costSource', 'free') WHERE seq = 2`);
    assert.deepEqual(
      (await verify(window)).faults.map(({ kind }) => kind),
      ['altered'],
    );
  });

  it('reads rows that have the figures of a call, but neither prompt nor reply', async () => {
    const [row] = (await windowWith(1)).store.audit.latest('call', 1);
    assert.deepEqual(Object.keys(JSON.parse(row?.body ?? '') as object).sort(), [
      ...['attempts', 'callId', 'firstContentMs', 'frontDoor', 'headersMs', 'model', 'outcome', 'provider'],
      ...['retries', 'status', 'tenant', 'totalMs', 'usage'],
    ]);
  });

  const tampering: [what: string, sql: string, faults: object[]][] = [
    [
      'an edited row',
      `UPDATE audit_row SET body = replace(body, 'done', 'failed') WHERE seq = 4`,
      [{ kind: 'altered', seq: 4 }],
    ],
    [
      'a row with a changed time',
      `UPDATE audit_row SET at_ms = at_ms + 1 WHERE seq = 1`,
      [{ kind: 'altered', seq: 1 }],
    ],
    ['a deleted row', `DELETE FROM audit_row WHERE seq = 5`, [{ kind: 'missing', fromSeq: 5, toSeq: 5 }]],
    [
      'rows deleted at the start',
      `DELETE FROM audit_row WHERE seq < 4`,
      [{ kind: 'missing', fromSeq: 1, toSeq: 3 }],
    ],
    [
      'two swapped rows',
      swap(4, 5),
      [
        { kind: 'altered', seq: 4 },
        { kind: 'altered', seq: 5 },
        { kind: 'altered', seq: 6 },
      ],
    ],
    [
      'an inserted row',
      `INSERT INTO audit_row SELECT 11, at_ms, kind, body, key_id, mac FROM audit_row WHERE seq = 9`,
      [{ kind: 'altered', seq: 11 }],
    ],
    [
      'a row whose number was changed to close a gap',
      `DELETE FROM audit_row WHERE seq = 9; UPDATE audit_row SET seq = 9 WHERE seq = 10`,
      [{ kind: 'altered', seq: 9 }],
    ],
    [
      'a row that names an unknown key',
      `UPDATE audit_row SET key_id = 'key-9' WHERE seq = 2`,
      [{ kind: 'unknownKey', seq: 2, keyId: 'key-9' }],
    ],
    [
      'a forged checkpoint',
      `DELETE FROM audit_row WHERE seq < 5; UPDATE audit_row SET kind = 'checkpoint', body = 'broken' WHERE seq = 5`,
      [{ kind: 'altered', seq: 5 }],
    ],
  ];
  for (const [what, sql, faults] of tampering) {
    it(`finds ${what} and its place`, async () => {
      const window = await windowWith(10);
      window.db.exec(sql);
      assert.deepEqual((await verify(window)).faults, faults);
    });
  }

  it('finds by the anchor that the end was cut off', async () => {
    const window = await windowWith(10);
    const { head } = await verify(window);
    window.db.exec('DELETE FROM audit_row WHERE seq > 7');
    const { faults, lostEnd } = await verify(window, head);
    assert.deepEqual([faults, lostEnd], [[{ kind: 'cutTail', fromSeq: 8, toSeq: 10 }], true]);
    window.db.exec('DELETE FROM audit_row');
    assert.deepEqual((await verify(window, head)).faults, [{ kind: 'cutTail', fromSeq: 1, toSeq: 10 }]);
  });

  it('finds by the anchor that the end was cut off and the trail grew again', async () => {
    const window = await windowWith(10);
    const { head } = await verify(window);
    window.db.exec('DELETE FROM audit_row WHERE seq > 7');
    await window.transactions.write(({ nowMs }) => {
      for (let n = 0; n < 5; n++) window.tables.audit.append(nowMs, 'key', { n });
    });
    const { faults, lostEnd } = await verify(window, head);
    assert.deepEqual([faults, lostEnd], [[{ kind: 'rewrittenTail', seq: 10 }], true]);
  });

  it('reports a lost end when the anchored row is missing', async () => {
    const window = await windowWith(10);
    const { head } = await verify(window);
    await window.transactions.write(({ nowMs }) => {
      window.tables.audit.append(nowMs, 'key', {});
    });
    window.db.exec('DELETE FROM audit_row WHERE seq = 10');
    const { faults, lostEnd } = await verify(window, head);
    assert.deepEqual([faults, lostEnd], [[{ kind: 'missing', fromSeq: 10, toSeq: 10 }], true]);
  });

  it('finds by the witness that the trail was replaced by an older copy, also if it grew again', async () => {
    const window = await windowWith(10);
    const { head } = await verify(window);
    window.db.exec('DELETE FROM audit_row WHERE seq > 7');
    const older = await verify(window, undefined, head);
    assert.deepEqual([older.faults, older.lostEnd], [[{ kind: 'rolledBack', seq: 10 }], true]);
    await window.transactions.write(({ nowMs }) => {
      for (let n = 0; n < 5; n++) window.tables.audit.append(nowMs, 'key', { n });
    });
    assert.deepEqual((await verify(window, undefined, head)).faults, [{ kind: 'rolledBack', seq: 10 }]);
  });

  it('finds no fault when the trail contains its witness', async () => {
    const window = await windowWith(3);
    const { head } = await verify(window);
    await window.transactions.write(({ nowMs }) => {
      window.tables.audit.append(nowMs, 'key', {});
    });
    assert.deepEqual((await verify(window, undefined, head)).faults, []);
  });

  it('finds no fault when rows were added after the anchor', async () => {
    const window = await windowWith(3);
    const { head } = await verify(window);
    await window.transactions.write(({ nowMs }) => {
      window.tables.audit.append(nowMs, 'key', {});
    });
    assert.deepEqual((await verify(window, head)).faults, []);
  });

  it('describes every fault', () => {
    assert.match(describeAuditFault({ kind: 'altered', seq: 4 }), /^Row 4 .* edited, moved, or inserted/);
    assert.match(describeAuditFault({ kind: 'missing', fromSeq: 4, toSeq: 6 }), /^Rows 4 to 6 are missing/);
    assert.match(describeAuditFault({ kind: 'missing', fromSeq: 4, toSeq: 4 }), /^Row 4 is missing/);
    assert.match(
      describeAuditFault({ kind: 'cutTail', fromSeq: 4, toSeq: 4 }),
      /truncated: row 4 is missing/,
    );
    assert.match(
      describeAuditFault({ kind: 'cutTail', fromSeq: 4, toSeq: 6 }),
      /truncated: rows 4 to 6 are missing/,
    );
    assert.match(describeAuditFault({ kind: 'rewrittenTail', seq: 4 }), /row 4 is not the original row/);
    assert.match(
      describeAuditFault({ kind: 'rolledBack', seq: 4 }),
      /older copy: .* row 4, which the secret/,
    );
    assert.match(
      describeAuditFault({ kind: 'unsignedCheckpoint', seq: 4 }),
      /checkpoint in row 4 is not signed/,
    );
    assert.match(describeAuditFault({ kind: 'brokenAnchor' }), /anchor file is damaged/);
    assert.match(describeAuditFault({ kind: 'missingAnchor' }), /anchor file is missing/);
    assert.match(describeAuditFault({ kind: 'unsignedAnchor' }), /anchor file is not signed/);
    assert.match(describeAuditFault({ kind: 'forgedAnchor' }), /does not match its signature/);
    assert.match(describeAuditFault({ kind: 'unknownAnchorKey', keyId: 'k' }), /key k, which is not/);
    assert.match(describeAuditFault({ kind: 'unknownKey', seq: 4, keyId: 'k' }), /key k, which is not/);
  });
});

describe('readAnchor and writeAnchor', () => {
  letGoAfterEach();
  const anchor: Anchor = { seq: 7, mac: 'ab'.repeat(32) };

  it('reads a signed anchor as it was written and leaves no other file', async () => {
    const file = path.join(folder(), 'keys', 'audit-anchor.json');
    const signed = signedAnchorFile(file);
    assert.deepEqual(await readAnchor(signed, testKeys), { kind: 'missing' });
    await writeAnchor({ ...anchor, seq: 6 }, auditKey, file, '/nowhere/ledger.db');
    await writeAnchor(anchor, auditKey, file, '/nowhere/ledger.db');
    assert.deepEqual(await readAnchor(signed, testKeys), { kind: 'signed', row: anchor });
    assert.deepEqual(readdirSync(path.dirname(file)), ['audit-anchor.signed.json']);
  });

  it('writes an anchor without a signature while there is no master key', async () => {
    const file = path.join(folder(), 'audit-anchor.json');
    await writeAnchor(anchor, unsigned, file, '/nowhere/ledger.db');
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), anchor);
    assert.deepEqual(await readAnchor(file, testKeys), { kind: 'unsigned', row: anchor });
  });

  it('distinguishes a damaged anchor from an absent one', async () => {
    const file = path.join(folder(), 'audit-anchor.json');
    for (const text of ['', '\0'.repeat(90), '{}', '{"seq":1,"mac":"short"}']) {
      writeFileSync(file, text);
      assert.deepEqual(await readAnchor(file, testKeys), { kind: 'broken' });
    }
  });
});
