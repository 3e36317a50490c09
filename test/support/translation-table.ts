import type { SharedV4ProviderMetadata } from '@ai-sdk/provider';
import type { ProtocolName } from '../../src/gateway/protocols/protocol.ts';
import { loadProtocol } from '../../src/gateway/protocols/protocols.ts';
import { signatureFor } from '../../src/gateway/protocols/signatures.ts';
import type { ProviderKind } from '../../src/providers/config/catalogue.ts';
import type { WireDialect } from '../../src/providers/dialects/dialects.ts';
import { fieldRules, type LossRule } from '../../src/providers/translation/losses.ts';
import { outlineOf, sorted } from './prompt-outline.ts';
import { sentBody, sentTo } from './sent-body.ts';
import { bodyOf, type Talk } from './talk.ts';
import { resultOf } from './work-result.ts';

/** A kind of provider that a request is translated for. */
export interface TableTarget {
  readonly label: string;
  readonly dialect: WireDialect;
  readonly kind: ProviderKind;
  readonly model: string;
  /** What it wants back with its thinking. */
  readonly signed: SharedV4ProviderMetadata;
}

export const tableTargets: readonly TableTarget[] = [
  { label: 'OpenAI, chat', dialect: 'openai-chat', kind: 'openai', model: 'gpt-5.1', signed: {} },
  { label: 'Other chat', dialect: 'openai-chat', kind: 'openai-compatible', model: 'kimi-k2', signed: {} },
  {
    ...{ label: 'OpenAI, Responses', dialect: 'openai-responses', kind: 'openai', model: 'gpt-5.1' },
    signed: { openai: { itemId: 'rs_1', reasoningEncryptedContent: 'c2lnbmVk' } },
  },
  {
    ...{ label: 'Anthropic', dialect: 'anthropic-messages', kind: 'anthropic', model: 'claude-sonnet-4-5' },
    signed: { anthropic: { signature: 'c2lnbmVk' } },
  },
  {
    ...{ label: 'Google', dialect: 'google-generative', kind: 'google', model: 'gemini-3-pro-preview' },
    signed: { google: { thoughtSignature: 'c2lnbmVk' } },
  },
];

interface Feature {
  readonly label: string;
  readonly talk: (target: TableTarget) => Talk;
  /** The protocols in which a client can say it; all of them by default. */
  readonly said?: readonly ProtocolName[];
  /** What it becomes where a provider has another form for it. */
  readonly otherForm?: string;
  /** Whether a body has it, where it cannot be decoded again. */
  readonly isIn?: (body: string, target: TableTarget) => boolean;
}

const user = (text: string) => ({ role: 'user', parts: [{ text }] }) as const;
const look = { role: 'assistant', parts: [{ text: 'I look.' }, callOf('c1'), callOf('c2')] } as const;
const png = { image: 'iVBORw0KGgo=', mediaType: 'image/png' };
const picture = 'https://acme.example/a.png';
const schema = {
  type: 'object',
  properties: { at: { type: 'number' } },
  required: ['at'],
  additionalProperties: false,
};
const tools = [{ name: 'look', description: 'Looks.', schema }];

function callOf(id: string) {
  return { call: id, name: 'look', input: { at: 1 } };
}

function results(first: Extract<Talk['turns'][number], { role: 'results' }>['results'][number]): Talk {
  const second = { of: 'c2', name: 'look', parts: [{ text: 'b' }] };
  return { tools, turns: [user('Look.'), look, { role: 'results', results: [first, second] }] };
}

function thinking(signature: string): Talk {
  const { turns } = results({ of: 'c1', name: 'look', parts: [{ text: 'a' }] });
  const [ask, , answered] = turns as [Talk['turns'][number], unknown, Talk['turns'][number]];
  const parts = [{ thought: 'I think.', signature }, callOf('c1'), callOf('c2')];
  return { tools, turns: [ask, { role: 'assistant', parts }, answered] };
}

const allButGoogle = ['openai-chat', 'openai-responses', 'anthropic-messages'] as const;
const withSignature = ['openai-responses', 'anthropic-messages', 'google-generative'] as const;

export const features: readonly Feature[] = [
  {
    label: 'Text, and a system message',
    talk: () => ({ turns: [{ role: 'system', text: 'Be brief.' }, user('Hi')] }),
  },
  {
    label: 'System message in the middle, after one at the beginning',
    said: allButGoogle,
    otherForm: "marked text of the user's",
    talk: () => ({
      turns: [
        { role: 'system', text: 'Be brief.' },
        user('Hi'),
        { role: 'assistant', parts: [{ text: 'Yes?' }] },
        { role: 'system', text: 'Be kind.' },
        user('Go on.'),
      ],
    }),
  },
  {
    label: 'System message in the middle alone',
    said: allButGoogle,
    otherForm: "marked text of the user's",
    talk: () => ({ turns: [user('Hi'), { role: 'system', text: 'Be kind.' }, user('Go on.')] }),
  },
  { label: 'Image', talk: () => ({ turns: [{ role: 'user', parts: [{ text: 'See:' }, png] }] }) },
  {
    label: 'Image at a web address',
    said: allButGoogle,
    isIn: (body) => body.includes(picture),
    talk: () => ({ turns: [{ role: 'user', parts: [{ text: 'See:' }, { imageUrl: picture }] }] }),
  },
  {
    label: 'PDF',
    talk: () => ({
      turns: [{ role: 'user', parts: [{ text: 'Read:' }, { pdf: 'JVBERi0=', name: 'a.pdf' }] }],
    }),
  },
  {
    label: 'Tool calls at once, and their results',
    talk: () => results({ of: 'c1', name: 'look', parts: [{ text: 'a' }] }),
  },
  {
    label: 'Image in a result',
    otherForm: 'behind the results',
    talk: () => results({ of: 'c1', name: 'look', parts: [{ text: 'a' }, png] }),
  },
  {
    label: 'Result that is an error',
    said: ['anthropic-messages', 'google-generative'],
    otherForm: 'said in its text',
    talk: () => results({ of: 'c1', name: 'look', parts: [{ text: 'a' }], isError: true }),
  },
  {
    label: 'Signed thinking of the same model',
    said: withSignature,
    talk: (target) => thinking(signatureFor(sentTo(target.dialect, target.model), target.signed)),
    isIn: (body, { signed }) => body.includes(Object.keys(signed).length === 0 ? 'I think.' : 'c2lnbmVk'),
  },
  { label: 'Thinking of another model', said: withSignature, talk: () => thinking('b3RoZXI=') },
  {
    label: 'Tool choice: one tool',
    talk: () => ({ tools, turns: [user('Look.')], choice: { name: 'look' } }),
  },
  { label: 'Tool choice: any tool', talk: () => ({ tools, turns: [user('Look.')], choice: 'required' }) },
  { label: 'Tool choice: none', talk: () => ({ tools, turns: [user('Look.')], choice: 'none' }) },
  {
    label: 'One tool call at a time',
    said: allButGoogle,
    talk: () => ({ tools, turns: [user('Look.')], parallel: false }),
  },
  { label: 'JSON schema of the answer', talk: () => ({ turns: [user('Look.')], schema }) },
  {
    label: 'Stop sequences',
    said: ['openai-chat', 'anthropic-messages', 'google-generative'],
    talk: () => ({ turns: [user('Look.')], stop: ['END'] }),
  },
  { label: 'Limit of the answer', talk: () => ({ turns: [user('Look.')], limit: 700 }) },
  { label: '`temperature`', talk: () => ({ turns: [user('Look.')], temperature: 0.3 }) },
  {
    label: '`temperature` and `top_p`',
    talk: () => ({ turns: [user('Look.')], temperature: 0.3, topP: 0.9 }),
  },
  {
    label: 'Reasoning effort',
    otherForm: 'as a budget of tokens',
    talk: () => ({ turns: [user('Look.')], effort: 'low', limit: 9_000 }),
  },
  {
    label: "Marks for Anthropic's cache",
    said: ['openai-chat', 'anthropic-messages'],
    talk: () => ({ turns: [{ role: 'user', parts: [{ text: 'Long.', isCached: true }, { text: 'Why?' }] }] }),
  },
];

export interface Cell {
  readonly protocol: ProtocolName;
  readonly text: string;
}

/** What becomes of a feature at a target, for each protocol in which a client can say it. */
export async function cellsOf(feature: Feature, target: TableTarget): Promise<readonly Cell[]> {
  const { said = Object.keys(loadProtocol) as ProtocolName[] } = feature;
  const cells: Cell[] = [];
  for (const protocol of said) cells.push({ protocol, text: await cellOf(feature, target, protocol) });
  return cells;
}

async function cellOf(feature: Feature, target: TableTarget, protocol: ProtocolName): Promise<string> {
  const { dialect, kind, model } = target;
  const talk = { limit: 900, ...feature.talk(target) };
  const asked = resultOf((await loadProtocol[protocol]()).decode(bodyOf[protocol](talk)));
  if (!asked.ok) return `refused: ${asked.error.message}`;
  const { body, losses, problem } = await sentBody(dialect, asked.value.prompt, { kind, model });
  if (problem !== undefined) return `failed: ${problem}`;
  if (losses.length > 0) return `left out: ${losses.map((loss) => `\`${loss}\``).join(', ')}`;
  if (feature.isIn?.(JSON.stringify(body), target) === true) return 'kept';
  const arrived = resultOf((await loadProtocol[dialect]()).decode(body));
  if (!arrived.ok) return `cannot be read: ${arrived.error.message}`;
  const [said, got] = [asked.value.prompt, arrived.value.prompt].map((each) => sorted(comparable(each)));
  return said === got ? 'kept' : (feature.otherForm ?? `changed: ${said} → ${got}`);
}

/** A choice of the only tool is a choice of any tool, and a free choice is none. */
function comparable(prompt: Parameters<typeof outlineOf>[0]): unknown {
  const { tools: listed = [], toolChoice, ...others } = prompt;
  const isOnly = toolChoice?.type === 'tool' && listed.length === 1;
  const isFree = toolChoice === undefined || toolChoice.type === 'auto';
  const choice = isOnly ? { type: 'required' as const } : toolChoice;
  return outlineOf({
    ...others,
    tools: listed,
    ...(isFree || choice === undefined ? {} : { toolChoice: choice }),
  });
}

/** The rows of the first table of docs/translation.md. */
export async function partRows(): Promise<string[][]> {
  const rows: string[][] = [];
  for (const feature of features) {
    const row = [feature.label];
    for (const target of tableTargets) row.push((await cellsOf(feature, target))[0]?.text ?? '');
    rows.push(row);
  }
  return rows;
}

const ruleWords: Readonly<Record<LossRule, string>> = {
  drop: 'left out',
  refuse: 'refused',
  ignore: 'no effect',
};

/** The rows of the second table: each field that is not translated. The gateway itself reads the first two. */
export function fieldRows(protocol: ProtocolName): string[][] {
  const rules: Readonly<Record<string, LossRule>> = fieldRules[protocol];
  const fields = Object.entries(rules).filter(([field]) => field !== 'model' && field !== 'stream');
  return fields.map(([field, rule]) => [`\`${field}\``, ruleWords[rule]]);
}
