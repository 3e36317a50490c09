import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { deferLedger } from '../../../src/ledger/deferred-ledger.ts';
import { folder, letGoAfterEach } from './ledger-fixture.ts';
import { request } from './ledger-requests.ts';

const program = path.join(import.meta.dirname, 'time-zone-process.ts');

async function openedWith(TZ: string): Promise<unknown> {
  const env = { ...process.env, TZ };
  const { stdout } = await promisify(execFile)(process.execPath, [program, folder()], { env });
  return JSON.parse(stdout);
}

describe('LedgerOpening', () => {
  letGoAfterEach();

  it('counts the days of the time zone of the machine and logs nothing', async () => {
    assert.deepEqual(await openedWith('Asia/Tokyo'), { zone: 'Asia/Tokyo', admitted: true, logged: [] });
  });

  // Etc/Unknown is what Intl has for containers without TZ and for NixOS; '' and a wrong TZ are undefined in some hosts.
  for (const TZ of ['Etc/Unknown', 'Foo/Bar', '', ':/etc/nowhere']) {
    it(`counts the days of UTC with TZ='${TZ}' and logs one line`, async () => {
      assert.deepEqual(await openedWith(TZ), {
        zone: 'UTC',
        admitted: true,
        logged: [
          'This machine has no valid time zone, so caps count the days of UTC. Set callguard.timeZone to choose another one.',
        ],
      });
    });
  }
});

describe('deferLedger', () => {
  // What a library throws need not be an error.
  const failures: unknown[] = [
    new RangeError('Invalid time zone specified: Etc/Unknown'),
    'no reason at all',
  ];
  for (const failure of failures) {
    it(`refuses each call with the reason when the ledger cannot be opened: ${String(failure)}`, async () => {
      const starting = new Promise<never>(() => {
        throw failure;
      });
      const admitted = await deferLedger(starting).admit(request());
      const problem = failure instanceof Error ? failure.message : String(failure);
      assert.deepEqual(admitted, { ok: false, error: { kind: 'ledger', problem } });
    });
  }
});
