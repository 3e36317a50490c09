import assert from 'node:assert/strict';
import path from 'node:path';
import { ledgerFiles, parseLedgerFolder } from '../../../src/ledger/ledger-files.ts';
import { inEnglish } from '../../support/languages.ts';

const home = path.resolve('/home/ada');
const storage = path.join(home, 'storage');

describe('ledgerFiles', () => {
  it('are in the storage of the extension by default', () => {
    assert.deepEqual(ledgerFiles(storage, undefined), {
      database: path.join(storage, 'ledger', 'callguard.db'),
      gatewayLock: path.join(storage, 'ledger', 'gateway.lock'),
      anchor: path.join(storage, 'keys', 'audit-anchor.json'),
    });
  });

  it('are in the chosen folder, except the anchor, which is outside it', () => {
    const folder = path.resolve('/local/ledger');
    const { database, gatewayLock, anchor } = ledgerFiles(storage, folder);
    assert.deepEqual([path.dirname(database), path.dirname(gatewayLock)], [folder, folder]);
    assert.equal(path.dirname(anchor), path.join(storage, 'keys'));
  });

  it('give each ledger an anchor of its own, so that a change of folder is not taken for a truncated trail', () => {
    const anchors = [undefined, '/a', '/b'].map((folder) => ledgerFiles(storage, folder).anchor);
    assert.equal(new Set(anchors).size, 3);
  });
});

describe('parseLedgerFolder', () => {
  it('has no folder where the setting is absent or empty', () => {
    for (const none of [undefined, null, ''])
      assert.deepEqual(parseLedgerFolder(none, home), { folder: undefined, problems: [] });
  });

  it('takes an absolute path, and ~ for the home folder', () => {
    const absolute = path.resolve('/local/ledger');
    assert.deepEqual(parseLedgerFolder(absolute, home), { folder: absolute, problems: [] });
    assert.equal(parseLedgerFolder('~/ledger', home).folder, path.join(home, 'ledger'));
    assert.equal(parseLedgerFolder('~', home).folder, home);
  });

  for (const wrong of ['ledger', './ledger', '~ada/ledger', 7, {}, ['/local']]) {
    it(`reports ${JSON.stringify(wrong)} and uses the default folder`, () => {
      const { folder, problems } = parseLedgerFolder(wrong, home);
      assert.equal(folder, undefined);
      assert.deepEqual(inEnglish(problems), [
        'callguard.ledgerFolder: must be the absolute path of a folder; using the default folder',
      ]);
    });
  }
});
