import { startHeadless, type Headless } from '../support/headless.ts';
import { startFront, type Front } from './front.ts';
import { startProviderMock, type ProviderMock } from './provider-mock.ts';
import { toolNames } from '../../src/gateway/tool-names.ts';
import type { ClientProtocol, Tool } from './tool.ts';

/** A provider that plays, one whose cap is used up, one that is broken, and one that asks for a pause. */
const variants = ['good', 'capped', 'broken', 'slow'] as const;
export type Variant = (typeof variants)[number];

const settingsOf: Readonly<Record<ClientProtocol, (base: string) => object>> = {
  chat: (base) => ({ kind: 'openai-compatible', baseUrl: `${base}/v1` }),
  responses: (base) => ({ kind: 'openai-compatible', dialect: 'openai-responses', baseUrl: `${base}/v1` }),
  messages: (base) => ({ kind: 'anthropic-compatible', baseUrl: `${base}/v1` }),
  gemini: (base) => ({ kind: 'google', baseUrl: `${base}/v1beta` }),
};

/** The provider that speaks something else. */
export const others: Readonly<Record<ClientProtocol, ClientProtocol>> = {
  chat: 'messages',
  responses: 'messages',
  messages: 'chat',
  gemini: 'chat',
};

/** How long a provider of the variant `slow` asks clients to wait: longer than Callguard does itself. */
export const slowSeconds = 12;
const broken = { status: 500, body: { error: { message: 'broken' } } };
const slow = {
  status: 429,
  headers: { 'retry-after': String(slowSeconds) },
  body: { type: 'error', error: { type: 'rate_limit_error', message: 'slow down, says the provider' } },
};

/** The names by which tools ask for models without `--model`, and the provider that serves them. */
const patterns = {
  'claude-*': ['patterns-messages/*'],
  'gpt-*': ['patterns-responses/*'],
};

/** Callguard between what counts and what plays the providers. Each tool has providers of its own. */
export interface World {
  readonly mock: ProviderMock;
  readonly headless: Headless;
  readonly front: Front;
  /** The token of the tool, or the tenant's for an SDK. */
  tokenOf(tool: Tool): string;
  /** Lets a broken provider answer again. */
  repair(provider: string): void;
  close(): Promise<void>;
}

export async function startWorld(tools: readonly Tool[]): Promise<World> {
  const mock = await startProviderMock();
  const all = tools.flatMap((tool) =>
    [tool.protocol, others[tool.protocol]].flatMap((speaks) =>
      variants.map((variant) => ({ id: providerOf(tool, speaks, variant), speaks, variant, tool })),
    ),
  );
  const entries = all.map(({ id, speaks, variant, tool }) => {
    if (variant === 'broken') mock.answerWith(broken, pathOf(id));
    if (variant === 'slow') mock.answerWith(slow, pathOf(id));
    return [
      id,
      {
        ...settingsOf[speaks](mock.origin + pathOf(id)),
        models: { list: ['m', ...(tool.imageModel === undefined ? [] : [tool.imageModel])] },
        ...(variant === 'capped' ? { limits: { requestsPerDay: 0 } } : {}),
        // What waits for the circuit is not to wait for a minute here.
        ...(variant === 'broken' && !hasToken(tool) ? { circuit: { cooldown: slowSeconds } } : {}),
      },
    ] as const;
  });
  const models = { allow: ['claude-*', 'gpt-*'], default: 'deny' };
  const ofPatterns = (['messages', 'responses'] as const).map(
    (speaks) => [`patterns-${speaks}`, { ...settingsOf[speaks](mock.origin), models }] as const,
  );
  const providers = Object.fromEntries<object>([...entries, ...ofPatterns]);
  const headless = await startHeadless({
    settings: { 'callguard.providers': providers, 'callguard.routes': patterns },
    tools: tools.filter(hasToken).map(({ id }) => id),
    env: Object.fromEntries(
      Object.keys(providers).map((id) => [
        `CALLGUARD_KEY_${id.toUpperCase().replaceAll('-', '_')}`,
        'sk-of-provider-0123456789',
      ]),
    ),
  });
  const front = await startFront(headless.origin);
  return {
    ...{ mock, headless, front },
    tokenOf: ({ id }) => headless.tokens.tools?.[id] ?? headless.tokens.calls,
    repair: (provider) => {
      mock.answerWith(undefined, pathOf(provider));
    },
    close: async () => {
      front.close();
      await headless.stop();
      await mock.close();
    },
  };
}

export function providerOf({ id }: Tool, speaks: ClientProtocol, variant: Variant): string {
  return `${id}-${speaks}-${variant}`;
}

/** Whether Callguard makes tokens for it, so that it knows what it does with a status. */
export function hasToken({ id }: Tool): boolean {
  return toolNames.has(id);
}

function pathOf(provider: string): string {
  return `/~${provider}`;
}
