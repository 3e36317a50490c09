import assert from 'node:assert/strict';
import type { Call, FrontDoor, Prompt } from '../../../../src/guard/call.ts';
import {
  createPromptCheck,
  describeSecrets,
  findPromptSecrets,
  redactPrompt,
  type PromptSecret,
  type PromptSecretChoice,
} from '../../../../src/providers/prompt-check/prompt-check.ts';
import {
  parsePromptSecrets,
  type PromptSecretMode,
} from '../../../../src/providers/prompt-check/prompt-secrets-setting.ts';
import { english } from '../../../../src/shared/l10n.ts';
import { KnownSecrets } from '../../../../src/redaction/known-secrets.ts';
import { answer, callOf, guardWith, hear } from '../../../support/guard-fixture.ts';
import { done } from '../../../support/request-body.ts';
import { mute } from '../../../support/languages.ts';

const openai = `sk-proj-${'a1B2'.repeat(12)}`;
const github = `ghp_${'c3D4'.repeat(9)}`;
const loaded = 'a-loaded-key-without-a-shape';

const conversation: Prompt = {
  prompt: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'text', text: `Why does ${openai} fail with .sk-fading-circle?` }] },
    {
      role: 'assistant',
      content: [
        { type: 'tool-call', toolCallId: '1', toolName: 'shell', input: { args: ['curl', `-H ${github}`] } },
      ],
    },
    {
      role: 'tool',
      content: [
        {
          type: 'tool-result',
          toolCallId: '1',
          toolName: 'shell',
          output: { type: 'json', value: { out: [`key=${loaded}`] } },
        },
      ],
    },
  ],
};

const registered = new KnownSecrets();
registered.add(loaded);

describe('findPromptSecrets and redactPrompt', () => {
  it('finds secrets in messages, tool calls and tool results with kind and place', () => {
    assert.deepEqual(
      done(findPromptSecrets(conversation, registered)).map(({ label, where }) => [
        label(english),
        where(english),
      ]),
      [
        ['OpenAI key', 'message 2 (user)'],
        ['GitHub token', 'message 3 (call to shell)'],
        ['stored key', 'message 4 (result of shell)'],
      ],
    );
  });

  it('describes secrets in the language of the user', () => {
    const found = done(findPromptSecrets(conversation, registered));
    assert.equal(describeSecrets(found, mute), 'OpenAI 2, GitHub 3 shell,  4 shell');
  });

  it('names a place once, however many secrets are in it', () => {
    const secret = (id: string, kind: string, place: string): PromptSecret => ({
      id,
      label: () => kind,
      where: () => place,
    });
    const found = [
      secret('1', 'OpenAI key', 'message 1 (user)'),
      secret('2', 'GitHub token', 'message 2 (user)'),
      secret('3', 'AWS access key', 'message 1 (user)'),
      secret('4', 'OpenAI key', 'message 1 (user)'),
    ];
    assert.equal(
      describeSecrets(found, english),
      '2 × OpenAI key, AWS access key in message 1 (user), GitHub token in message 2 (user)',
    );
  });

  it('blanks secrets in a copy and keeps everything else', () => {
    const before = structuredClone(conversation);
    const clean = done(redactPrompt(conversation, registered, () => true));
    const text = JSON.stringify(clean);
    for (const secret of [openai, github, loaded]) assert.ok(!text.includes(secret));
    assert.match(text, /Why does sk-proj-\*\*\* fail with \.sk-fading-circle\?/);
    assert.match(text, /-H ghp_\*\*\*/);
    assert.deepEqual(conversation, before);
  });

  it('reports each secret once', () => {
    const text = `${openai} and ${openai}`;
    const prompt: Prompt = { prompt: [{ role: 'user', content: [{ type: 'text', text }] }] };
    assert.equal(done(findPromptSecrets(prompt, registered)).length, 1);
  });
});

describe('parsePromptSecrets', () => {
  it('returns the setting, warn without one, and block for an invalid value', () => {
    assert.deepEqual(parsePromptSecrets('off'), { mode: 'off', problems: [] });
    for (const none of [undefined, null])
      assert.deepEqual(parsePromptSecrets(none), { mode: 'warn', problems: [] });
    for (const wrong of ['', 'ask', 7, ['off']]) {
      const { mode, problems } = parsePromptSecrets(wrong);
      assert.deepEqual([mode, problems.length], ['block', 1]);
    }
  });
});

describe('createPromptCheck', () => {
  interface Trial {
    readonly check: ReturnType<typeof createPromptCheck>;
    readonly asked: PromptSecret[][];
    readonly told: FrontDoor[];
  }
  const checkWith = (
    mode: PromptSecretMode,
    choose: () => PromptSecretChoice | Promise<PromptSecretChoice> = () => 'refuse',
  ): Trial => {
    const asked: PromptSecret[][] = [];
    const told: FrontDoor[] = [];
    const check = createPromptCheck({
      mode: () => mode,
      registered,
      ask: async (found) => {
        asked.push([...found]);
        return await choose();
      },
      onRedacted: (_found, call) => told.push(call.frontDoor),
    });
    return { check, asked, told };
  };
  const call = (changes: Partial<Call> = {}) => callOf({ prompt: conversation, ...changes });
  const has = (sent: Awaited<ReturnType<Trial['check']>>, secret: string) => {
    assert.ok(sent.ok);
    return JSON.stringify(sent.value).includes(secret);
  };

  it('sends everything in mode off', async () => {
    assert.ok(has(await checkWith('off').check(call()), openai));
  });

  it('returns the same prompt if it has no secret', async () => {
    const harmless = callOf();
    const sent = await checkWith('block').check(harmless);
    assert.ok(sent.ok);
    assert.equal(sent.value, harmless.prompt);
  });

  it('refuses with the kind and the place, but not the secret, in mode block', async () => {
    const { check, asked } = checkWith('block');
    const sent = await check(call());
    assert.ok(!sent.ok && sent.error.kind === 'promptSecret');
    const what = sent.error.what(english);
    assert.match(what, /OpenAI key in message 2 \(user\), GitHub token in message 3/);
    assert.doesNotMatch(what, /a1B2|c3D4/);
    assert.equal(asked.length, 0);
  });

  it('redacts without asking in mode redact', async () => {
    const { check, asked } = checkWith('redact');
    assert.ok(!has(await check(call()), openai));
    assert.equal(asked.length, 0);
  });

  for (const frontDoor of ['languageModel', 'api', 'gateway'] as const) {
    it(`redacts a call of the front door ${frontDoor}, where no user waits, without asking`, async () => {
      const { check, asked, told } = checkWith('warn', () => 'send');
      assert.ok(!has(await check(call({ frontDoor })), openai));
      assert.deepEqual([asked.length, told], [0, [frontDoor]]);
    });
  }

  it('asks the user who waits, and follows the choice', async () => {
    const anyway = checkWith('warn', () => 'send');
    const redacted = checkWith('warn', () => 'redact');
    const refused = checkWith('warn', () => 'refuse');
    assert.ok(has(await anyway.check(call()), openai));
    assert.ok(!has(await redacted.check(call({ frontDoor: 'test' })), openai));
    assert.equal((await refused.check(call())).ok, false);
    assert.equal(describeSecrets(anyway.asked[0] ?? [], english).split(', ').length, 3);
  });

  it('asks once for each secret, and only for new ones', async () => {
    const choices: PromptSecretChoice[] = ['redact', 'send'];
    const { check, asked } = checkWith('warn', () => choices.shift() ?? 'refuse');
    const say = (text: string) =>
      check(callOf({ prompt: { prompt: [{ role: 'user', content: [{ type: 'text', text }] }] } }));
    assert.ok(!has(await say(openai), openai));
    const both = await say(`${openai} ${github}`);
    assert.ok(!has(both, openai) && has(both, github));
    await say(`${github} ${openai}`);
    assert.deepEqual(
      asked.map((found) => found.map(({ label }) => label(english))),
      [['OpenAI key'], ['GitHub token']],
    );
  });

  it('asks again after the user chose not to send a call', async () => {
    const { check, asked } = checkWith('warn', () => 'refuse');
    await check(call());
    await check(call());
    assert.equal(asked.length, 2);
  });

  it('shows one dialog at a time, and its choice also applies to a waiting call', async () => {
    const { promise, resolve } = Promise.withResolvers<PromptSecretChoice>();
    const { check, asked } = checkWith('warn', () => promise);
    const sent = [check(call()), check(call({ id: 'call-2' }))];
    await new Promise(setImmediate);
    assert.equal(asked.length, 1);
    resolve('redact');
    for (const each of sent) assert.ok(!has(await each, openai));
    assert.equal(asked.length, 1);
  });

  it('does not block a call that is aborted while the dialog is open', async () => {
    const { check, asked } = checkWith('warn', () => new Promise<PromptSecretChoice>(() => undefined));
    const abort = new AbortController();
    const checking = check(call({ signal: abort.signal }));
    while (asked.length === 0) await new Promise(setImmediate);
    abort.abort();
    assert.ok(!has(await checking, openai));
  });

  it('runs before any hold, and the changed prompt is sent', async () => {
    const { check } = checkWith('redact');
    const blocked = guardWith([answer('Hi')], {}, { checkPrompt: checkWith('block').check });
    const redacted = guardWith([answer('Hi')], {}, { checkPrompt: check });
    const refused = await hear(blocked.guard.run(call()));
    assert.equal(refused.result.kind, 'refused');
    assert.deepEqual([blocked.ledger.settlements.length, blocked.sender.attempts.length], [0, 0]);
    await hear(redacted.guard.run(call()));
    assert.doesNotMatch(JSON.stringify(redacted.sender.attempts[0]?.prompt), /a1B2|c3D4/);
  });

  // The bench limits 100 kB to 5 ms. A check in quadratic time would exceed the limit of this test.
  it('checks 10 MB in linear time', async () => {
    const text = 'const answer = 42; // an ordinary line of code, as prompts have them\n'.repeat(150_000);
    const long = callOf({ prompt: { prompt: [{ role: 'user', content: [{ type: 'text', text }] }] } });
    const sent = await checkWith('block').check(long);
    assert.ok(sent.ok);
    assert.equal(sent.value, long.prompt);
  });
});
