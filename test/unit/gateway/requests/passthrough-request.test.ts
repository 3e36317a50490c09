import assert from 'node:assert/strict';
import { parseRequest } from '../../../../src/gateway/requests/passthrough-request.ts';
import { jsonLimits } from '../../../../src/shared/limits.ts';

const aborted = AbortSignal.abort();

describe('parseRequest', () => {
  const parse = (json: string, signal = new AbortController().signal) =>
    parseRequest('openai', Buffer.from(json), {}, signal);
  const read = (fields: string) => parse(`{"model":"m","messages":[],${fields}}`);
  const codeOf = async (fields: string) => {
    const parsed = await read(fields);
    return parsed.ok ? undefined : parsed.error.code;
  };
  const numbered = (count: number) => Array.from({ length: count }, (_, at) => `"f${at}":1`).join(',');

  it('reads more fields than any protocol has, but not without a bound', async () => {
    assert.equal(await codeOf(numbered(jsonLimits.members - 2)), undefined);
    // The next field is one too many; the others cost no time.
    assert.equal(await codeOf(numbered(jsonLimits.members - 1)), 'too_many_fields');
    assert.equal(await codeOf(numbered(250_000)), 'too_many_fields');
    assert.equal(await codeOf(`"${'x'.repeat(10_000_000)}":1`), 'long_field_name');
  });

  it('refuses a body that has a field twice, in any case or escape', async () => {
    for (const other of ['model', 'MODEL', 'Model', String.raw`m\u006fdel`, String.raw`M\u006fDEL`])
      assert.equal(await codeOf(`"${other}":"expensive"`), 'duplicate_field', other);
    assert.equal(await codeOf(`${numbered(500)},"\\u00660":2`), 'duplicate_field');
    assert.equal(await codeOf('"temperature":1,"Temperature":2'), 'duplicate_field');
  });

  it('refuses a known field in another spelling', async () => {
    for (const name of ['MAX_TOKENS', 'Max_tokens', 'max_to\u212aens', 'ſtream', 'API_KEY', 'Fallbacks', 'N'])
      assert.equal(await codeOf(`"${name}":null`), 'misspelled_field', name);
    for (const name of [
      'maxTokens',
      'max-tokens',
      'max_tokens ',
      ' model',
      'ｍodel',
      'apiBase',
      'api-key',
      '_n',
    ])
      assert.equal(await codeOf(`"${name}":null`), 'misspelled_field', name);
    for (const name of [String.raw`model\u0000`, String.raw`mod\u00adel`, String.raw`\u200bmax_tokens`])
      assert.equal(await codeOf(`"${name}":null`), 'misspelled_field', name);
    assert.equal(await codeOf('"Temperature":1'), undefined);
    assert.equal(await codeOf(String.raw`"max_t\u006fkens":1`), undefined);
  });

  it('refuses the names that other gateways have for more models', async () => {
    for (const field of [
      '"models":["x"]',
      '"model_list":[]',
      '"context_window_fallbacks":[]',
      '"content_policy_fallbacks":[{"m":["x"]}]',
      '"default_fallbacks":["x"]',
      '"context_window_fallback_dict":{}',
      '"fallbackModels":["x"]',
      '"mock_testing_fallbacks":true',
      '"extra_body":{"fallbacks":["x"]}',
      '"router_settings":{}',
      '"preset":"x"',
      '"providerOptions":{"gateway":{"models":["x"]}}',
      String.raw`"providerOptions":{"gateway":{"m\u006fdels":["x"]}}`,
      '"orq":{"fallbacks":[{"model":"x"}]}',
      '"anything":{"list":[{"Models":["x"]}]}',
      '"draft_model":"x"',
      '"modelId":"x"',
      '"allowed_models":["x"]',
      '"plugins":[{"id":"auto-router","allowed_models":["x"]}]',
      '"override_params":{"model":"x"}',
      '"config":{"targets":[{"override_params":{"Model":"x"}}]}',
      '"deployment_id":"x"',
      '"engine":"x"',
      '"custom_llm_provider":"x"',
    ])
      assert.equal(await codeOf(field), 'unsupported_field', field);
  });

  it('collects the models that tools name, and nothing that schemas and examples have', async () => {
    const toolModels = async (tools: string) => {
      const parsed = await read(`"tools":${tools},"user":"x"`);
      return parsed.ok ? parsed.value.prompt.toolModels : parsed.error.code;
    };
    const advisor = '{"type":"advisor_20260301","name":"advisor","model":"opus"}';
    assert.deepEqual(await toolModels(`[${advisor},{"type":"x","Model":"o3"}]`), ['opus', 'o3']);
    assert.deepEqual(await toolModels('[{"type":"x","parameters":{"model_id":"a"},"m":1}]'), ['a']);
    assert.deepEqual(await toolModels('[{"type":"x","models":["a","b"]},{"type":"y","model":null}]'), [
      'a',
      'b',
    ]);
    assert.deepEqual(await toolModels(String.raw`[{"m\u006fdel":"\u0061"}]`), ['a']);
    const schema = '{"type":"object","properties":{"model":{"type":"string","default":"a"}}}';
    assert.deepEqual(
      await toolModels(`[{"type":"function","function":{"name":"f","parameters":${schema}}}]`),
      [],
    );
    assert.deepEqual(
      await toolModels(`[{"name":"f","input_schema":${schema},"input_examples":[{"model":"a"}]}]`),
      [],
    );
    for (const model of ['{"id":"a"}', '[["a"]]', '[{"id":"a"}]', `"${'a'.repeat(2_000)}"`])
      assert.equal(await toolModels(`[{"type":"x","model":${model}}]`), 'unsupported_field', model);
    assert.equal(await codeOf('"Tools":[]'), 'misspelled_field');
  });

  it('refuses the names that other gateways have for an address or a key', async () => {
    for (const name of ['baseURLs', 'url', 'endpoints', 'keys', 'api_version'])
      assert.equal(await codeOf(`"${name}":"x"`), undefined, name);
    for (const name of [
      'api_url',
      'azure_endpoint',
      'aws_bedrock_runtime_endpoint',
      'openai_api_base',
      'x_api_key',
    ])
      assert.equal(await codeOf(`"${name}":"x"`), 'unsupported_field', name);
  });

  it('accepts such names where they mean something else', async () => {
    for (const field of [
      '"provider":{"order":["x"],"allow_fallbacks":true}',
      '"tools":[{"function":{"parameters":{"properties":{"models":{}}}}}]',
      '"response_format":{"json_schema":{"schema":{"models":1}}}',
      '"metadata":{"models":"x"}',
      '"guided_json":{"properties":{"model":{}}}',
      '"modalities":["text"]',
      '"chat_template_kwargs":{"enable_thinking":true}',
    ])
      assert.equal(await codeOf(field), undefined, field);
  });

  it('refuses a body that is deeper than the bound', async () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    assert.equal(await codeOf(`"x":${nested(jsonLimits.depth - 1)}`), undefined);
    assert.equal(await codeOf(`"x":${nested(jsonLimits.depth)}`), 'too_deep');
  });

  it('refuses a large value of a field that it parses', async () => {
    assert.equal(
      await codeOf(`"stream_options":{"x":"${'x'.repeat(jsonLimits.parsedValueBytes)}"}`),
      'invalid_request',
    );
  });

  it('stops reading for a client that has gone', async () => {
    const parsed = await parse(`{"model":"m","messages":["${'x'.repeat(1e6)}"]}`, aborted);
    assert.ok(!parsed.ok && parsed.error.code === 'stopping');
  });

  it("reads 0 as no limit in OpenAI's protocol, and as no output in Anthropic's", async () => {
    const limitOf = async (protocol: 'openai' | 'anthropic', fields: string) => {
      const body = Buffer.from(`{"model":"m","messages":[],${fields}}`);
      const parsed = await parseRequest(protocol, body, {}, new AbortController().signal);
      assert.ok(parsed.ok);
      return parsed.value.prompt.maxOutputTokens;
    };
    assert.equal(await limitOf('openai', '"max_tokens":0'), undefined);
    assert.equal(await limitOf('openai', '"max_tokens":9,"max_completion_tokens":0'), undefined);
    assert.equal(await limitOf('openai', '"max_tokens":9,"max_completion_tokens":null,"n":2'), 18);
    assert.equal(await limitOf('anthropic', '"max_tokens":0'), 0);
  });

  describe('estimates a prompt', () => {
    const tokensOf = async (content: unknown) => {
      const parsed = await parse(JSON.stringify({ model: 'm', messages: [{ role: 'user', content }] }));
      assert.ok(parsed.ok);
      return parsed.value.prompt.inputTokens;
    };
    const data = 'x'.repeat(1e6);
    const link = { url: `data:image/png;base64,${data}` };
    const source = { type: 'base64', media_type: 'image/png', data };

    for (const [what, content] of [
      ['an image of OpenAI', [{ type: 'image_url', image_url: link }]],
      ['an image whose type comes last', [{ image_url: link, type: 'image_url' }]],
      ['an image of Anthropic', [{ type: 'image', source }]],
      [
        "an image in a tool's result",
        [{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'image', source }] }],
      ],
      [
        "an image in a tool's result whose type comes last",
        [{ content: [{ source, type: 'image' }], type: 'tool_result' }],
      ],
    ] as const) {
      it(`by the image, not by its bytes, for ${what}`, async () => {
        const tokens = await tokensOf(content);
        assert.ok(tokens > 1_600 && tokens < 2_000, String(tokens));
      });
    }

    const page = '1 0 obj <</Type/Page/Parent 2 0 R>> endobj\n';
    const base64 = Buffer.from(`%PDF-1.7\n${page.repeat(30_000)}`).toString('base64');
    const pdf = (pages: number) =>
      Buffer.concat([Buffer.from(page.repeat(pages)), Buffer.alloc(1_000_000)]).toString('base64');
    const document = (text: string) => ({ type: 'base64', media_type: 'application/pdf', data: text });

    for (const [what, content, expected] of [
      ['a PDF file of Anthropic', [{ type: 'document', source: document(pdf(3)) }], 9_000],
      [
        "a PDF file in a tool's result",
        [
          {
            type: 'tool_result',
            tool_use_id: 't',
            content: [{ type: 'document', source: document(pdf(3)) }],
          },
        ],
        9_000,
      ],
      [
        'a PDF file of OpenAI',
        [{ type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${pdf(3)}` } }],
        9_000,
      ],
      ['a PDF file without pages', [{ type: 'document', source: document(data) }], 60_000],
      ['a PDF file of many pages', [{ type: 'document', source: document(base64) }], 90_000_000],
      ['audio of OpenAI', [{ type: 'input_audio', input_audio: { data, format: 'mp3' } }], 20_000],
      [
        'audio with an address',
        [{ type: 'audio_url', audio_url: { url: `data:audio/mp3;base64,${data}` } }],
        20_000,
      ],
      ['a video', [{ type: 'video_url', video_url: { url: `data:video/mp4;base64,${data}` } }], 90_000],
      ['a file that the provider has', [{ type: 'file', file: { file_id: 'file-1' } }], 60_000],
    ] as const) {
      it(`by the pages, the seconds or the bound of its kind for ${what}`, async () => {
        const tokens = await tokensOf(content);
        assert.ok(tokens >= expected && tokens < expected + 400, String(tokens));
      });
    }

    for (const [what, content] of [
      ['a text', data],
      ['a part of text', [{ type: 'text', text: data }]],
      ['a text document', [{ type: 'document', source: { type: 'text', data } }]],
      [
        'a part with two types',
        JSON.parse(`[{"type":"image","Type":"document","source":{"data":"${data}"}}]`),
      ],
      ["what only looks like an image's part", { type: 'image', source }],
      [
        "another file in an image's place, of OpenAI",
        [{ type: 'image_url', image_url: { url: `data:application/pdf;base64,${data}` } }],
      ],
      ['an address as long as a file', [{ type: 'image_url', image_url: { url: `https://x.test/${data}` } }]],
      [
        "another file in an image's place, of Anthropic",
        [{ type: 'image', source: { ...source, media_type: 'application/pdf' } }],
      ],
      [
        'an image with two media types',
        JSON.parse(
          `[{"type":"image","source":{"media_type":"a/b","Media_type":"image/png","data":"${data}"}}]`,
        ),
      ],
      ['a tool call', [{ type: 'tool_use', input: { type: 'image', source } }]],
      ["a text beside an image's place", [{ type: 'image', source: {}, text: data }]],
      ['an image in what is no result', [{ type: 'text', content: [{ type: 'image', source }] }]],
    ] as const) {
      it(`by its bytes for ${what}`, async () => {
        assert.ok((await tokensOf(content)) > 400_000);
      });
    }
  });
});
