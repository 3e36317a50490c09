import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { configure, offered } from '../../support/vscode/host-models.ts';

interface Heard {
  chunks: string[];
  error?: { name: string; code: string; message: string };
}

async function ask(model: string, prompt: string, cancelAfter?: number): Promise<Heard> {
  return vscode.commands.executeCommand('consumer.ask', model, prompt, cancelAfter);
}

/** VS Code updates its models a moment after the settings have changed. */
async function modelsBecome(expected: string[]): Promise<void> {
  for (;;) {
    const models = await vscode.commands.executeCommand<string[]>('consumer.models');
    if (JSON.stringify(models.sort()) === JSON.stringify(expected)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe("Callguard's language models", () => {
  before(() =>
    configure({
      sandbox: { kind: 'sandbox' },
      slow: { kind: 'sandbox', sandbox: 'slow' },
      broken: { kind: 'sandbox', sandbox: 'error', retry: { retries: 0 }, circuit: { failures: 2 } },
      small: { kind: 'sandbox', limits: { requestsPerDay: 1 } },
      nonsense: { kind: 'no such kind' },
    }),
  );

  after(() => configure(undefined));

  it('are all configured models of providers with valid settings', async () => {
    await modelsBecome(['broken/echo', 'sandbox/echo', 'slow/echo', 'small/echo']);
  });

  it('stream an answer', async () => {
    const { chunks, error } = await ask('sandbox/echo', 'What is the way of a call?');
    assert.equal(error, undefined);
    assert.ok(chunks.length > 3, `expected a stream, got ${chunks.length} piece(s)`);
    assert.match(chunks.join(''), /sandbox.*What is the way of a call\?/s);
  });

  it('can be cancelled in the middle of an answer', async () => {
    const { chunks } = await ask('slow/echo', 'one two three', 2);
    // One more part may have been on its way.
    assert.ok([2, 3].includes(chunks.length), JSON.stringify(chunks));
  });

  it('explain why a call is refused', async () => {
    assert.equal((await ask('small/echo', 'first')).error, undefined);
    const { error, chunks } = await ask('small/echo', 'second');
    assert.deepEqual(chunks, []);
    assert.deepEqual([error?.name, error?.code], ['LanguageModelError', 'Blocked']);
    assert.match(error?.message ?? '', /cap of 1 requests a day for small/);
  });

  it('are refused at once while the circuit is open', async () => {
    assert.match((await ask('broken/echo', 'first')).error?.message ?? '', /HTTP 500/);
    assert.match((await ask('broken/echo', 'second')).error?.message ?? '', /HTTP 500/);
    assert.match((await ask('broken/echo', 'third')).error?.message ?? '', /circuit is open/);
  });

  it('count tokens with a real tokenizer', async () => {
    const model = await offered('sandbox/echo');
    assert.equal(await model.countTokens('The quick brown fox jumps over the lazy dog.'), 10);
    const message = vscode.LanguageModelChatMessage.User('The quick brown fox jumps over the lazy dog.');
    assert.ok((await model.countTokens(message)) > 10, 'a message is more than its text');
  });

  it('disappear with their provider', async () => {
    await configure({ sandbox: { kind: 'sandbox' } });
    await modelsBecome(['sandbox/echo']);
  });
});
