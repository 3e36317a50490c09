import assert from 'node:assert/strict';
import { detailsOf } from '../../../../src/providers/config/model-details.ts';
import { parseProviders } from '../../../../src/providers/config/provider-config.ts';
import { english } from '../../../../src/shared/l10n.ts';
import { parseSettings } from '../../../../src/settings/settings.ts';

function parse(details: unknown) {
  const entry = { kind: 'openai-compatible', baseUrl: 'https://api.example.com/v1', models: { details } };
  const { usable, broken } = parseProviders({ acme: entry });
  assert.deepEqual(broken, []);
  const config = usable.get('acme');
  assert.ok(config !== undefined);
  return { details: { ...config.details }, problems: config.warnings.map((problem) => problem(english)) };
}

describe('models.details', () => {
  it('has facts and body parameters for each model', () => {
    const large = {
      ...{ contextTokens: 200_000, maxOutputTokens: 8_000, tools: true, images: false, reasoning: true },
      body: { reasoning_effort: 'high', temperature: 0.2, provider: { order: ['a'] }, thinking: null },
    };
    assert.deepEqual(parse({ large, 'small/2': {} }), { details: { large, 'small/2': {} }, problems: [] });
  });

  for (const [what, written, kept, problem] of [
    [
      'a number as a text',
      { contextTokens: '8k', tools: true },
      { tools: true },
      'contextTokens: must be a number',
    ],
    [
      'a context of nothing',
      { contextTokens: 0, tools: true },
      { tools: true },
      'contextTokens: must be at least 1',
    ],
    ['an unknown name', { context: 1, tools: true }, { tools: true }, ': unknown property context'],
    ['a body that is a list', { body: [], images: true }, { images: true }, 'body: must be an object'],
  ] as const)
    it(`loses no more than the value for ${what}`, () => {
      const { details, problems } = parse({ large: written, small: { tools: false } });
      assert.deepEqual(details, { large: kept, small: { tools: false } });
      assert.equal(problems.length, 1);
      assert.ok(`${problems[0]}`.includes(problem), problems[0]);
    });

  it('loses no more than itself if it, or a model in it, is not an object', () => {
    assert.deepEqual(parse(['large']), { details: {}, problems: ['acme.models.details: must be an object'] });
    const { details, problems } = parse({ large: 'tools', small: { tools: true } });
    assert.deepEqual(details, { large: {}, small: { tools: true } });
    assert.deepEqual(problems, ['acme.models.details.large: must be an object']);
  });

  it('has its mistakes among the problems of the settings', () => {
    const acme = { kind: 'sandbox', models: { details: { echo: { tols: true } } } };
    const { problems } = parseSettings({
      user: (name) => (name === 'providers' ? { acme } : undefined),
      layers: () => [],
      folders: { folders: [], workspaceFile: undefined } as never,
    });
    assert.deepEqual(problems, ['acme.models.details.echo: unknown property tols']);
  });

  for (const name of [
    ...['model', 'models', 'fallback_models', 'preset', 'fallbacks', 'engine', 'api_base', 'apiKey'],
    ...[
      'max_tokens',
      'max_completion_tokens',
      'maxOutputTokens',
      'max_output_tokens',
      'MAX-TOKENS',
      'num_predict',
    ],
    ...[
      'n',
      'best_of',
      'candidateCount',
      'stream',
      'stream_options',
      'messages',
      'input',
      'contents',
      'system',
    ],
    ...['tools', 'tool_choice', 'functions', 'plugins', 'web_search_options', 'mcp_servers', 'cachedContent'],
    ...['previous_response_id', 'store', 'background', 'conversation'],
  ])
    it(`refuses the body parameter ${name} in words, and keeps the others`, () => {
      const { details, problems } = parse({ m: { body: { [name]: 1, top_k: 5 } } });
      assert.deepEqual(details['m'], { body: { top_k: 5 } });
      assert.deepEqual(problems, [
        `acme.models.details.m.body.${name}: cannot be set here: policy, caps, or the request itself depend on this field`,
      ]);
    });

  it('refuses such a parameter inside of others', () => {
    const body = {
      generationConfig: { maxOutputTokens: 9, topK: 5 },
      options: { num_predict: 9 },
      list: [{ model: 'other' }],
      top_k: 5,
    };
    const { details, problems } = parse({ m: { body } });
    assert.deepEqual(details['m'], { body: { top_k: 5 } });
    assert.deepEqual(
      problems.map((problem) => problem.split(':')[0]),
      [
        'acme.models.details.m.body.generationConfig.maxOutputTokens',
        'acme.models.details.m.body.options.num_predict',
        'acme.models.details.m.body.list.0.model',
      ],
    );
  });

  it('allows a budget for thinking alone, and a schema of any names', () => {
    const body = {
      reasoning: { max_tokens: 2_000 },
      thinking: { type: 'enabled', budget_tokens: 2_000 },
      response_format: { type: 'json_schema', json_schema: { properties: { model: {} } } },
    };
    assert.deepEqual(parse({ m: { body } }), { details: { m: { body } }, problems: [] });
  });

  it('are found by another spelling of the model, the exact one first', () => {
    const { details } = parse({ Large: { tools: true }, large: { tools: false } });
    assert.equal(detailsOf(details, 'large')?.tools, false);
    assert.equal(detailsOf(details, 'LARGE')?.tools, true);
    assert.equal(detailsOf(details, 'larger'), undefined);
  });
});
