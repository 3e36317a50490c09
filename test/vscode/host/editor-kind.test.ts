import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { CallguardApi } from '../../../src/api.ts';
import { reply, startFaultUpstream } from '../../support/fault-upstream.ts';
import { bodyOf } from '../../../src/observe/audit-text.ts';
import { openHostLedger } from '../../support/vscode/host-ledger.ts';
import { configure, offered, pixel, pixelPart, read, user } from '../../support/vscode/host-models.ts';

type Options = vscode.ProvideLanguageModelChatResponseOptions;
type Progress = vscode.Progress<vscode.LanguageModelResponsePart>;

interface Asked {
  readonly messages: readonly vscode.LanguageModelChatRequestMessage[];
  readonly options: Options;
  readonly token: vscode.CancellationToken;
}

/** Another vendor's models, which answer as a test says. */
class Vendor implements vscode.LanguageModelChatProvider {
  readonly asked: Asked[] = [];
  answer: (progress: Progress, token: vscode.CancellationToken) => void | Promise<void> = () => undefined;

  provideLanguageModelChatInformation(): vscode.LanguageModelChatInformation[] {
    const capabilities = { toolCalling: true, imageInput: true };
    const sizes = { maxInputTokens: 9_000, maxOutputTokens: 1_000 };
    return ['echo', 'other'].map((family) => ({
      ...sizes,
      id: `${family}-1`,
      name: family,
      family,
      version: '1',
      capabilities,
    }));
  }

  async provideLanguageModelChatResponse(
    _model: vscode.LanguageModelChatInformation,
    messages: readonly vscode.LanguageModelChatRequestMessage[],
    options: Options,
    progress: Progress,
    token: vscode.CancellationToken,
  ): Promise<void> {
    this.asked.push({ messages, options, token });
    await this.answer(progress, token);
  }

  provideTokenCount(): Promise<number> {
    return Promise.resolve(1);
  }
}

const says =
  (...parts: vscode.LanguageModelResponsePart[]) =>
  (progress: Progress) => {
    for (const part of parts) progress.report(part);
  };
const text = (value: string) => new vscode.LanguageModelTextPart(value);

describe("another vendor's model, as a provider of kind editor", () => {
  const vendor = new Vendor();
  let registration: vscode.Disposable;

  before(async () => {
    registration = vscode.lm.registerLanguageModelChatProvider('consumer', vendor);
    const once = { retry: { retries: 0 } };
    await configure({
      others: {
        kind: 'editor',
        ...once,
        models: { list: ['consumer/echo', 'consumer/other', 'consumer/gone', 'callguard/sandbox/echo'] },
      },
      hasty: {
        kind: 'editor',
        ...once,
        models: { list: ['consumer/echo'] },
        timeouts: { read: 2 },
      },
      capped: {
        kind: 'editor',
        ...once,
        models: { list: ['consumer/echo'] },
        limits: { requestsPerDay: 1 },
      },
      strict: {
        kind: 'editor',
        ...once,
        models: { list: ['consumer/echo', 'consumer/other'], deny: ['*/other'] },
      },
      shy: {
        kind: 'editor',
        ...once,
        models: { list: ['consumer/echo'] },
        circuit: { failures: 1 },
      },
      sandbox: { kind: 'sandbox' },
    });
    await offered('others/consumer/echo');
  });

  beforeEach(() => {
    vendor.asked.length = 0;
    vendor.answer = says(text('Hello'), text(' world'));
  });

  after(async () => {
    registration.dispose();
    await configure(undefined);
  });

  const ask = async (
    id: string,
    content: Parameters<typeof user> = ['Hello?'],
    options: vscode.LanguageModelChatRequestOptions = {},
    token?: vscode.CancellationToken,
  ) => {
    const model = await offered(id);
    return read(await model.sendRequest([user(...content)], options, token));
  };

  it('answers through the guard, with its tools and token counts', async () => {
    const call = new vscode.LanguageModelToolCallPart('call_7', 'forecast', { city: 'Bern' });
    const usage = { prompt_tokens: 5, completion_tokens: 2 };
    vendor.answer = says(text('One moment.'), call, vscode.LanguageModelDataPart.json(usage, 'usage'));
    const answer = await ask('others/consumer/echo');
    assert.equal(answer.text, 'One moment.');
    assert.deepEqual(
      answer.calls.map(({ callId, name, input }) => [callId, name, input]),
      [['call_7', 'forecast', { city: 'Bern' }]],
    );
    const [part] = answer.data;
    assert.deepEqual(JSON.parse(new TextDecoder().decode(part?.data)), {
      ...usage,
      total_tokens: 7,
      prompt_tokens_details: { cached_tokens: 0 },
    });
  });

  it('is charged an estimate for a tool call if it reports no usage', async () => {
    vendor.answer = says(new vscode.LanguageModelToolCallPart('call_8', 'forecast', { city: 'Bern' }));
    await ask('others/consumer/echo');
    const { store, dispose } = await openHostLedger();
    try {
      assert.match(store.audit.latest('call', 1)[0]?.body ?? '', /"outputTokens":6,.*"estimated":true/);
    } finally {
      dispose();
    }
  });

  it('may think longer before its answer than it may be silent within it', async () => {
    vendor.answer = async (progress) => {
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      progress.report(text('At last'));
    };
    assert.equal((await ask('hasty/consumer/echo')).text, 'At last');
  });

  it('receives text, image, tools and tool mode unchanged', async () => {
    const inputSchema = { type: 'object', properties: {} };
    const tools = [{ name: 'forecast', description: 'The weather', inputSchema }];
    const toolMode = vscode.LanguageModelChatToolMode.Required;
    await ask('others/consumer/echo', ['What is this?', pixelPart()], { tools, toolMode });
    const [asked] = vendor.asked;
    assert.deepEqual([asked?.options.tools, asked?.options.toolMode], [tools, toolMode]);
    const [said, shown] = asked?.messages[0]?.content ?? [];
    assert.equal(said instanceof vscode.LanguageModelTextPart && said.value, 'What is this?');
    assert.ok(shown instanceof vscode.LanguageModelDataPart);
    assert.deepEqual([shown.mimeType, Buffer.from(shown.data).toString('base64')], ['image/png', pixel]);
  });

  it('is not called over a cap', async () => {
    assert.equal((await ask('capped/consumer/echo')).text, 'Hello world');
    await assert.rejects(ask('capped/consumer/echo'), /cap of 1 requests a day for capped/);
    assert.equal(vendor.asked.length, 1);
  });

  it('is neither offered nor called if policy denies it', async () => {
    const models = await vscode.lm.selectChatModels({ vendor: 'callguard' });
    assert.ok(!models.some(({ id }) => id === 'strict/consumer/other'));
    assert.ok(models.some(({ id }) => id === 'strict/consumer/echo'));
    const callguard = vscode.extensions.getExtension<CallguardApi>('callguard.callguard');
    const result = await callguard?.exports.chat({
      model: 'strict/consumer/other',
      messages: [{ role: 'user', content: 'Hello?' }],
      caller: 'callguard-tests.consumer',
    });
    assert.equal(result?.ok === false && result.reason, 'policy');
    assert.equal(vendor.asked.length, 0);
  });

  it('is cancelled with the call, and does not delay it', async () => {
    const begun = Promise.withResolvers<undefined>();
    const heard = Promise.withResolvers<undefined>();
    vendor.answer = async (progress, token) => {
      progress.report(text('Hello'));
      token.onCancellationRequested(() => {
        heard.resolve(undefined);
      });
      begun.resolve(undefined);
      // It never ends by itself.
      await new Promise(() => undefined);
    };
    const cancellation = new vscode.CancellationTokenSource();
    const asked = ask('others/consumer/echo', ['Hello?'], {}, cancellation.token);
    // VS Code may end the answer with an error or without one.
    const over = asked.then(
      () => undefined,
      () => undefined,
    );
    await begun.promise;
    cancellation.cancel();
    await Promise.all([heard.promise, over]);
    cancellation.dispose();
  });

  it('keeps its own error message', async () => {
    vendor.answer = () => {
      throw new Error('The vendor is out of order.');
    };
    await assert.rejects(ask('others/consumer/echo'), /others: .*The vendor is out of order\./);
  });

  it('is reported as missing when VS Code no longer has it', async () => {
    await assert.rejects(ask('others/consumer/gone'), /VS Code has no model 'consumer\/gone'/);
  });

  /** The end of the last call for its caller, its record in the ledger, and the circuit after it. */
  async function endOfAsking(): Promise<{ message: string; recorded: unknown[]; circuit: string }> {
    const error: unknown = await ask('shy/consumer/echo').catch((thrown: unknown) => thrown);
    assert.ok(error instanceof vscode.LanguageModelError);
    const { store, dispose } = await openHostLedger();
    try {
      const [row] = store.audit.latest('call', 1);
      const { provider, outcome, reason } = bodyOf(row ?? { body: '' }) ?? {};
      const { circuit } = store.providers.get('shy');
      return { message: error.message, recorded: [provider, outcome, reason], circuit: circuit.kind };
    } finally {
      dispose();
    }
  }

  const refusals: [what: string, error: vscode.LanguageModelError, words: RegExp, reason: string][] = [
    [
      'Callguard is not allowed to use the model',
      vscode.LanguageModelError.NoPermissions('Nobody agreed.'),
      /shy: the request could not be sent: Callguard is not allowed to use the model \(Nobody agreed\.\)\. Allow it with 'Chat: Manage/,
      'unsendable',
    ],
    [
      'its vendor no longer finds it',
      vscode.LanguageModelError.NotFound('Not here.'),
      /shy: the request could not be sent: VS Code has no model 'consumer\/echo'\. Choose another one/,
      'unsendable',
    ],
    [
      'its vendor blocks the request',
      vscode.LanguageModelError.Blocked('That is not for me.'),
      /shy: the request was declined: That is not for me\./,
      'declined',
    ],
  ];
  for (const [what, error, words, reason] of refusals) {
    it(`is refused without opening the circuit when ${what}`, async () => {
      vendor.answer = () => {
        throw error;
      };
      const end = await endOfAsking();
      assert.match(end.message, words);
      assert.deepEqual([end.recorded, end.circuit], [['shy', 'failed', reason], 'closed']);
      assert.equal(vendor.asked.length, 1);
    });
  }

  it('does not open its circuit if it is blocked in the middle of an answer', async () => {
    vendor.answer = (progress) => {
      progress.report(text('Once upon'));
      throw vscode.LanguageModelError.Blocked('Enough of that.');
    };
    const end = await endOfAsking();
    assert.match(end.message, /shy: the request was declined: Enough of that\./);
    assert.deepEqual([end.recorded, end.circuit], [['shy', 'failed', 'declined'], 'closed']);
  });

  it('opens its circuit after any other error', async () => {
    vendor.answer = () => {
      throw new vscode.LanguageModelError('The vendor is out of order.');
    };
    const end = await endOfAsking();
    assert.match(end.message, /The vendor is out of order\./);
    assert.deepEqual([end.recorded, end.circuit], [['shy', 'failed', 'errorEvent'], 'open']);
  });

  it('is missing, but its circuit stays closed, once the vendor has removed it', async () => {
    const model = await offered('others/consumer/echo');
    registration.dispose();
    try {
      await assert.rejects(
        async () => read(await model.sendRequest([user('Hello?')])),
        /others: .*VS Code has no model 'consumer\/echo'/,
      );
    } finally {
      registration = vscode.lm.registerLanguageModelChatProvider('consumer', vendor);
    }
    assert.equal(vendor.asked.length, 0);
    assert.equal((await ask('others/consumer/echo')).text, 'Hello world');
  });

  it("is never one of Callguard's own models, which would guard a call twice", async () => {
    await assert.rejects(ask('others/callguard/sandbox/echo'), /the model 'callguard\/sandbox\/echo'/);
  });

  it('serves a route whose first provider, over HTTP, has failed', async () => {
    const upstream = await startFaultUpstream();
    try {
      upstream.script(reply(500));
      await configure(
        {
          down: {
            kind: 'openai-compatible',
            baseUrl: upstream.baseUrl,
            models: { list: ['m'] },
            retry: { retries: 0 },
          },
          others: { kind: 'editor', models: { list: ['consumer/echo'] } },
        },
        { rescue: ['down/m', 'others/consumer/echo'] },
      );
      assert.equal((await ask('rescue')).text, 'Hello world');
      // A server of the own network is also asked for its list of models.
      const calls = upstream.seen.filter(({ method }) => method === 'POST');
      assert.deepEqual([calls.length, vendor.asked.length], [1, 1]);
    } finally {
      await upstream.close();
    }
  });
});
