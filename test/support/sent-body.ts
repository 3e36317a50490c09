import type { Prompt } from '../../src/guard/call.ts';
import type { ProviderKind } from '../../src/providers/config/catalogue.ts';
import type { WireDialect } from '../../src/providers/dialects/dialects.ts';
import { readAnswer } from '../../src/providers/dialects/translated-sender.ts';
import { goodAnswers } from './dialect-events.ts';

export interface SentBody {
  readonly body: Readonly<Record<string, unknown>>;
  readonly losses: readonly string[];
  readonly problem: string | undefined;
}

const kinds: Readonly<Record<WireDialect, ProviderKind>> = {
  'openai-chat': 'openai-compatible',
  'openai-responses': 'openai',
  'anthropic-messages': 'anthropic',
  'google-generative': 'google',
};

const models: Readonly<Record<WireDialect, string>> = {
  'openai-chat': 'kimi-k2',
  'openai-responses': 'gpt-5.1',
  'anthropic-messages': 'claude-sonnet-4-5',
  'google-generative': 'gemini-3-pro-preview',
};

/** The name of the target that `sentBody` sends to. */
export const sentTo = (dialect: WireDialect, model = models[dialect]) => `acme/${model}`;

/** The body that the AI SDK's package of a dialect sends for a prompt, after the step that makes the prompt fit. */
export async function sentBody(
  dialect: WireDialect,
  prompt: Prompt,
  {
    kind = kinds[dialect],
    model = models[dialect],
    reasons,
  }: { kind?: ProviderKind; model?: string; reasons?: boolean } = {},
): Promise<SentBody> {
  let sent: string | undefined;
  const wire = {
    fetch: (_input: unknown, init?: RequestInit) => {
      sent = typeof init?.body === 'string' ? init.body : undefined;
      const headers = { 'content-type': 'text/event-stream' };
      return Promise.resolve(new Response(goodAnswers[dialect].join(''), { headers }));
    },
  };
  const request = {
    baseUrl: 'https://acme.example/v1',
    model,
    prompt,
    wire,
    outputLimit: 'max_tokens' as const,
  };
  const target = { name: `acme/${model}`, model, kind, reasons };
  const answer = readAnswer(dialect, { ...request, target, asksForUsage: true });
  for (;;) {
    const next = await answer.next();
    if (next.done !== true) continue;
    const { losses, problem } = next.value;
    if (sent === undefined) return { body: {}, losses, problem };
    return { body: JSON.parse(sent) as SentBody['body'], losses, problem };
  }
}
