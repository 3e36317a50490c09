import { inspect, stripVTControlCharacters } from 'node:util';
import Mocha from 'mocha';
import { skipReason } from './skip.ts';

/** What a process that runs mocha tells the one that counts. */
export type TestEvent =
  | { kind: 'passed'; title: string; ms: number }
  | { kind: 'failed'; title: string; details: string }
  | { kind: 'skipped'; title: string; reason: string }
  | { kind: 'ended' };

/** Runs what was loaded into mocha, and sends an event for each test at the moment when its outcome is known. */
export async function runMocha(mocha: Mocha, send: (event: TestEvent) => void): Promise<void> {
  mocha.reporter(Mocha.reporters.Base, {});
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => {
      resolve();
    });
    runner.on('pass', (test: Mocha.Test) => {
      send({ kind: 'passed', title: test.fullTitle(), ms: test.duration ?? 0 });
    });
    runner.on('fail', (test: Mocha.Test, failure: unknown) => {
      send({
        kind: 'failed',
        title: test.fullTitle(),
        details: stripVTControlCharacters(inspect(failure, { depth: 4 })),
      });
    });
    runner.on('pending', (test: Mocha.Test) => {
      const title = test.fullTitle();
      const reason = skipReason(test);
      send(
        reason === undefined
          ? { kind: 'failed', title, details: 'It was skipped without a reason: use skipBecause().' }
          : { kind: 'skipped', title, reason },
      );
    });
  });
  send({ kind: 'ended' });
}
