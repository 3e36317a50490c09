import assert from 'node:assert/strict';
import type { Part } from '../../../src/guard/call.ts';
import type { CallResult } from '../../../src/guard/call-state.ts';
import { readAnswer } from '../../../src/guard/read-answer.ts';

type Run = AsyncIterator<Part, CallResult, void>;

describe('readAnswer', () => {
  it('ends a call whose reader throws, even on a host without disposable generators', async () => {
    const log: string[] = [];
    const failure = new Error('the client left');

    const reading = readAnswer(asOnNode22(endlessRun(log)), () => {
      log.push('read');
      throw failure;
    });

    await assert.rejects(reading, failure);
    assert.deepEqual(log, ['read', 'settled']);
  });
});

/** The generators of Node.js 22 have `next` and `return`, and no `Symbol.asyncDispose`. */
function asOnNode22(run: Required<Run>): Run {
  return { next: () => run.next(), return: () => run.return() };
}

async function* endlessRun(log: string[]): AsyncGenerator<Part, CallResult, void> {
  try {
    for (;;) {
      await Promise.resolve();
      yield { type: 'text-delta', id: '0', delta: 'a' };
    }
  } finally {
    log.push('settled');
  }
}
