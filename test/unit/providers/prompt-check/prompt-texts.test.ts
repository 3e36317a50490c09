import assert from 'node:assert/strict';
import type { LanguageModelV4FilePart } from '@ai-sdk/provider';
import type { AnyPrompt, PassThroughPrompt, Prompt } from '../../../../src/guard/call.ts';
import { findPromptSecrets, redactPrompt } from '../../../../src/providers/prompt-check/prompt-check.ts';
import { KnownSecrets } from '../../../../src/redaction/known-secrets.ts';
import { english } from '../../../../src/shared/l10n.ts';
import { bodyOf, done } from '../../../support/request-body.ts';

const none = new KnownSecrets();
const secret = `ghp_${'c3D4e5F6g7'.repeat(4).slice(0, 36)}`;
const clean = 'ghp_***';

/** A file with the secret in it, as each format writes it. */
const files: Readonly<Record<string, string>> = {
  'application/yaml': `token:\n  value: ${secret}\n`,
  'application/x-yaml': `- ${secret}\n`,
  'application/json': `{"token":"${secret}"}`,
  'application/vnd.acme+json': `["${secret}"]`,
  'application/xml': `<token>${secret}</token>`,
  'image/svg+xml': `<svg><!-- ${secret} --></svg>`,
  'application/toml': `token = "${secret}"\n`,
  'application/x-sh': `export TOKEN=${secret}\n`,
  'application/octet-stream': `TOKEN=${secret}\n`,
  'application/x-of-nobody': `Ä ${secret} ö\n`,
  'text/plain': `\ufeff${secret}`,
  text: secret,
};

function kindsIn(prompt: AnyPrompt): string[] {
  return done(findPromptSecrets(prompt, none)).map(({ label }) => label(english));
}

function redacted<T extends AnyPrompt>(prompt: T): T {
  return done(redactPrompt(prompt, none, () => true)) as T;
}

function withFile(mediaType: string, data: LanguageModelV4FilePart['data']): Prompt {
  return { prompt: [{ role: 'user', content: [{ type: 'file', mediaType, data }] }] };
}

function dataOf({ prompt: [message] }: Prompt): LanguageModelV4FilePart['data'] {
  assert.ok(message?.role === 'user');
  const [part] = message.content;
  assert.ok(part?.type === 'file');
  return part.data;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

describe('the check of files in a prompt', () => {
  for (const [mediaType, text] of Object.entries(files)) {
    it(`reads and redacts ${mediaType}, however the file is given`, () => {
      const expected = text.replace(secret, clean);

      const inBytes = withFile(mediaType, { type: 'data', data: Buffer.from(text) });
      assert.deepEqual(kindsIn(inBytes), ['GitHub token']);
      const bytes = dataOf(redacted(inBytes));
      assert.ok(bytes.type === 'data' && bytes.data instanceof Uint8Array);
      assert.equal(Buffer.from(bytes.data).toString(), expected);

      const inBase64 = withFile(mediaType, { type: 'data', data: base64(text) });
      assert.deepEqual(kindsIn(inBase64), ['GitHub token']);
      assert.deepEqual(dataOf(redacted(inBase64)), { type: 'data', data: base64(expected) });

      const inText = withFile(mediaType, { type: 'text', text });
      assert.deepEqual(kindsIn(inText), ['GitHub token']);
      assert.deepEqual(dataOf(redacted(inText)), { type: 'text', text: expected });

      const inUrl = withFile(mediaType, {
        type: 'url',
        url: new URL(`data:${mediaType};base64,${base64(text)}`),
      });
      assert.deepEqual(kindsIn(inUrl), ['GitHub token']);
      const url = dataOf(redacted(inUrl));
      assert.ok(url.type === 'url');
      assert.equal(url.url.href, `data:${mediaType};base64,${base64(expected)}`);
    });
  }

  it('reads a data URL without base64', () => {
    const pem = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'.repeat(8)}\n-----END PRIVATE KEY-----`;
    const prompt = withFile('text/plain', {
      type: 'url',
      url: new URL(`data:text/plain,${encodeURIComponent(pem)}`),
    });
    assert.equal(kindsIn(prompt).length, 1);
    const data = dataOf(redacted(prompt));
    assert.ok(data.type === 'url' && !data.url.href.includes('MIIE'));
  });

  it('reads a long data URL without base64 in pieces, wherever they end', () => {
    const filler = ['€', '🔑', 'é', ' ', 'a'];
    for (const shift of Array.from({ length: 13 }, (_, n) => n)) {
      const text = `${'x'.repeat(shift)}${filler.join('').repeat(9_000)}\n${secret}\n`;
      const whole = `data:text/plain,${encodeURIComponent(text)}`;
      const prompt: Prompt = { prompt: [{ role: 'user', content: [{ type: 'text', text: whole }] }] };
      assert.deepEqual(kindsIn(prompt), ['GitHub token']);
      const [message] = redacted(prompt).prompt;
      assert.ok(message?.role === 'user' && message.content[0]?.type === 'text');
      const expected = text.replace(secret, clean);
      assert.equal(message.content[0].text, `data:text/plain,${encodeURIComponent(expected)}`);
    }
  });

  it('reads text in UTF-16 and in Latin-1, and keeps its encoding', () => {
    const utf16 = Buffer.from(`\ufeffTOKEN=${secret}\r\n`, 'utf16le');
    for (const [bytes, expected] of [
      [utf16, Buffer.from(`\ufeffTOKEN=${clean}\r\n`, 'utf16le')],
      [Buffer.from(utf16).swap16(), Buffer.from(`\ufeffTOKEN=${clean}\r\n`, 'utf16le').swap16()],
      [Buffer.from(`für ${secret}`, 'latin1'), Buffer.from(`für ${clean}`, 'latin1')],
    ] as const) {
      const prompt = withFile('application/toml', { type: 'data', data: bytes });
      assert.deepEqual(kindsIn(prompt), ['GitHub token']);
      const data = dataOf(redacted(prompt));
      assert.ok(data.type === 'data' && data.data instanceof Uint8Array);
      assert.deepEqual(Buffer.from(data.data), expected);
    }
  });

  it('reads a password in the address of a file, and its name', () => {
    const prompt: Prompt = {
      prompt: [
        {
          role: 'user',
          content: [
            {
              type: 'file',
              mediaType: 'image/png',
              filename: `${secret}.png`,
              data: { type: 'url', url: new URL('https://deploy:Xk29fLm4Qz@git.acme.io/a.png') },
            },
          ],
        },
      ],
    };
    assert.deepEqual(kindsIn(prompt), ['GitHub token', 'password in a URL']);
    assert.doesNotMatch(JSON.stringify(redacted(prompt)), /Xk29fLm4Qz|c3D4/);
  });

  it('keeps an image as it is', () => {
    const png = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.from(secret)]);
    const prompt = withFile('image/png', { type: 'data', data: png });
    assert.deepEqual(kindsIn(prompt), []);
    assert.equal(dataOf(redacted(prompt)), dataOf(prompt));
  });

  it('reads the files that a tool returned', () => {
    const prompt: Prompt = {
      prompt: [
        {
          role: 'tool',
          content: [
            {
              type: 'tool-result',
              toolCallId: '1',
              toolName: 'read',
              output: {
                type: 'content',
                value: [
                  {
                    type: 'file',
                    mediaType: 'application/yaml',
                    data: { type: 'data', data: base64(`a: ${secret}`) },
                  },
                ],
              },
            },
          ],
        },
      ],
    };
    const [found] = done(findPromptSecrets(prompt, none));
    assert.equal(found?.where(english), 'message 1 (result of read)');
    assert.ok(!JSON.stringify(redacted(prompt)).includes(base64(`a: ${secret}`).slice(4, 20)));
  });
});

describe('the check of what else a prompt holds', () => {
  it("reads the names of the properties of a tool call's input", () => {
    const prompt: Prompt = {
      prompt: [
        {
          role: 'assistant',
          content: [
            { type: 'tool-call', toolCallId: '1', toolName: 'run', input: { env: { [secret]: 1, a: 'b' } } },
          ],
        },
      ],
    };
    assert.deepEqual(kindsIn(prompt), ['GitHub token']);
    assert.match(JSON.stringify(redacted(prompt)), /\{"env":\{"ghp_\*\*\*":1,"a":"b"\}\}/);
  });

  it('keeps both of two properties whose names are redacted', () => {
    const other = secret.replace('c3', 'd4');
    const prompt: Prompt = {
      prompt: [
        {
          role: 'assistant',
          content: [
            {
              type: 'tool-call',
              toolCallId: '1',
              toolName: 'run',
              input: { [secret]: 1, [other]: 2, ['__proto__']: 3 },
            },
          ],
        },
      ],
    };
    assert.match(JSON.stringify(redacted(prompt)), /\{"ghp_\*\*\*":1,"ghp_\*\*\* \(2\)":2,"__proto__":3\}/);
  });

  it('reads stop sequences, options for a provider, and what a tool is called', () => {
    const prompt: Prompt = {
      prompt: [
        {
          role: 'user',
          content: [{ type: 'text', text: 'Hi', providerOptions: { acme: { note: secret } } }],
          providerOptions: { acme: { [secret]: true } },
        },
      ],
      stopSequences: [secret],
      tools: [{ type: 'function', name: 'run', description: secret, inputSchema: { properties: {} } }],
    };
    assert.ok(!JSON.stringify(redacted(prompt)).includes(secret));
  });
});

function request(body: unknown): PassThroughPrompt {
  return {
    dialect: 'openai-chat',
    body: bodyOf(JSON.stringify(body)),
    headers: {},
    streams: true,
    inputTokens: 1,
  };
}

describe('the check of a request that keeps its format', () => {
  const yaml = `token: ${secret}\n`;
  const cases: Readonly<Record<string, (data: string) => unknown>> = {
    "a file of OpenAI's chat": (data) => ({
      messages: [
        { role: 'user', content: [{ type: 'file', file: { filename: 'a.yaml', file_data: data } }] },
      ],
    }),
    'an input_file of Responses': (data) => ({
      input: [{ role: 'user', content: [{ type: 'input_file', filename: 'a.yaml', file_data: data }] }],
    }),
    'a document of Anthropic': (data) => ({
      messages: [
        {
          role: 'user',
          content: [{ type: 'document', source: { type: 'base64', media_type: 'application/yaml', data } }],
        },
      ],
    }),
    'inlineData of Gemini': (data) => ({
      contents: [{ parts: [{ inlineData: { mimeType: 'application/yaml', data } }] }],
    }),
  };
  for (const [what, make] of Object.entries(cases)) {
    for (const [how, lead] of [
      ['base64', ''],
      ['a data URL', 'data:application/yaml;base64,'],
    ] as const) {
      it(`reads ${what} in ${how}`, () => {
        const prompt = request(make(lead + base64(yaml)));
        assert.deepEqual(kindsIn(prompt), ['GitHub token']);
        assert.deepEqual(
          JSON.parse(redacted(prompt).body.bytes.toString()),
          make(lead + base64(yaml.replace(secret, clean))),
        );
      });
    }
  }

  for (const [body, where] of [
    [
      {
        messages: [
          { role: 'user', content: 'Hello' },
          { role: 'user', content: secret },
        ],
      },
      'message 2',
    ],
    [{ input: [{ role: 'user', content: [{ type: 'input_text', text: secret }] }] }, 'message 1'],
    [{ contents: [{ parts: [{ text: 'Hello' }] }, { parts: [{ text: secret }] }] }, 'message 2'],
    [{ tools: [{ name: 'a' }, { name: 'b', description: secret }] }, 'tool 2'],
    [{ system: secret, messages: [] }, "the field 'system'"],
    [{ input: secret }, "the field 'input'"],
    [{ metadata: [[secret]] }, "the field 'metadata'"],
    [{ messages: [], [secret]: 1 }, 'the request'],
    [{ 'a b': secret }, 'the request'],
  ] as const) {
    it(`says that a secret is in ${where}: ${Object.keys(body).join().replace(secret, 'its name')}`, () => {
      const [found] = done(findPromptSecrets(request(body), new KnownSecrets()));
      assert.equal(found?.where(english), where);
    });
  }

  it('reads a document of Anthropic with a text source', () => {
    const prompt = request({
      messages: [{ content: [{ type: 'document', source: { type: 'text', data: yaml } }] }],
    });
    assert.deepEqual(kindsIn(prompt), ['GitHub token']);
  });

  it('reads the names of members at any depth', () => {
    const prompt = request({ metadata: { [secret]: { [`a ${secret}`]: 1 } } });
    assert.deepEqual(kindsIn(prompt), ['GitHub token']);
    assert.equal(
      redacted(prompt).body.bytes.toString(),
      JSON.stringify({ metadata: { [clean]: { [`a ${clean}`]: 1 } } }),
    );
  });

  it('reads base64 in lines, and in the alphabet for addresses', () => {
    const long = `${'x'.repeat(200)}??>>~~ ${secret}\n`;
    for (const data of [
      (base64(long).match(/.{1,76}/g) ?? []).join('\r\n'),
      Buffer.from(long).toString('base64url'),
    ]) {
      const prompt = request({ data });
      assert.deepEqual(kindsIn(prompt), ['GitHub token']);
      const { data: left } = JSON.parse(redacted(prompt).body.bytes.toString()) as { data: string };
      assert.equal(Buffer.from(left, 'base64').toString(), long.replace(secret, clean));
    }
  });

  it('keeps base64 that has no secret in it, byte by byte', () => {
    const prompt = request({ a: base64('just some text, and nothing to hide'), b: 'abcd'.repeat(20) });
    assert.equal(redacted(prompt), prompt);
  });
});
