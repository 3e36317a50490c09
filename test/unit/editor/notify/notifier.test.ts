import assert from 'node:assert/strict';
import { Notifier, type Notice, type NoticeAction } from '../../../../src/editor/notify/notifier.ts';
import { english } from '../../../../src/shared/l10n.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

describe('Notifier', () => {
  interface Shown {
    readonly text: string;
    /** Closes the message, as the user does; with an error, as if VS Code could not show it. */
    readonly close: (chosen?: NoticeAction | Error) => Promise<void>;
  }

  let clock: FakeClock;
  let shown: Shown[];
  let logged: string[];
  let notifier: Notifier;

  beforeEach(() => {
    clock = new FakeClock();
    shown = [];
    logged = [];
    notifier = new Notifier({
      show: ({ text: wording }) =>
        new Promise((resolve, reject) => {
          const close = async (chosen?: NoticeAction | Error) => {
            if (chosen instanceof Error) reject(chosen);
            else resolve(chosen);
            await settle();
          };
          shown.push({ text: wording(english), close });
        }),
      clock,
      log: { error: (message, error) => logged.push(`${message} ${String(error)}`) },
    });
  });

  const settle = () => clock.advance(0);
  const texts = () => shown.map(({ text }) => text);
  const notice = (text: string, run: () => unknown = () => undefined): Notice => ({
    severity: 'error',
    text: () => text,
    actions: [{ label: 'Show Log', run }],
  });

  it('shows one message at a time: the next one when the user has closed the one before', async () => {
    notifier.notify(notice('first'));
    notifier.notify(notice('second'));
    await settle();
    assert.deepEqual(texts(), ['first']);
    await shown[0]?.close();
    assert.deepEqual(texts(), ['first', 'second']);
  });

  it('does not wait longer than five seconds for a message that nobody closes', async () => {
    notifier.notify(notice('first'));
    notifier.notify(notice('second'));
    await clock.advance(4_999);
    assert.deepEqual(texts(), ['first']);
    await clock.advance(1);
    assert.deepEqual(texts(), ['first', 'second']);
  });

  it('runs the action that the user chooses, and shows the next message meanwhile', async () => {
    let ran = 0;
    const first = notice('first', () => {
      ran += 1;
      return new Promise(() => undefined);
    });
    notifier.notify(first);
    notifier.notify(notice('second'));
    await settle();
    await shown[0]?.close(first.actions[0]);
    assert.equal(ran, 1);
    assert.deepEqual(texts(), ['first', 'second']);
  });

  it('logs a message that cannot be shown, and an action that fails, and goes on', async () => {
    const failing = notice('second', () => Promise.reject(new Error('no log')));
    notifier.notify(notice('first'));
    notifier.notify(failing);
    notifier.notify(notice('third'));
    await settle();
    await shown[0]?.close(new Error('no window'));
    await shown[1]?.close(failing.actions[0]);
    assert.deepEqual(logged, [
      "The notification 'first' failed. Error: no window",
      "The notification 'second' failed. Error: no log",
    ]);
    assert.deepEqual(texts(), ['first', 'second', 'third']);
  });
});
