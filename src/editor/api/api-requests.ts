import * as z from 'zod';
import type { ChatRequest, ConfigureRequest } from '../../api.ts';
import type { Prompt } from '../../guard/call.ts';
import { english } from '../../shared/l10n.ts';
import { apiLimits, settingsLimits } from '../../shared/limits.ts';
import { SizeBudget } from '../../shared/size-budget.ts';

// Other extensions may ignore the types, so everything that they pass is parsed.

const caller = z
  .string()
  .trim()
  .regex(/^[\x20-\x7e]{1,100}$/, 'must have 1 to 100 printable ASCII characters');

const chatSchema = z.object({
  model: z.string().min(1).max(apiLimits.modelChars),
  messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })).min(1),
  maxOutputTokens: z.int().positive().optional(),
  temperature: z.number().optional(),
  caller,
  onText: z.custom<NonNullable<ChatRequest['onText']>>((value) => typeof value === 'function').optional(),
  signal: z.instanceof(AbortSignal).optional(),
  idempotent: z.boolean().default(true),
});

export type ParsedChat = z.infer<typeof chatSchema>;

/** Throws a TypeError that names the wrong field and does not repeat its value. */
export function parseChat(request: ChatRequest): ParsedChat {
  return parse(chatSchema, request, 'chat');
}

const configureSchema = z.object({
  id: z.string().max(settingsLimits.idChars),
  kind: z.string().max(settingsLimits.idChars),
  baseUrl: z.string().max(apiLimits.addressChars).optional(),
  models: z.array(z.string().min(1).max(apiLimits.modelChars)).min(1).max(settingsLimits.models),
  key: z
    .string()
    .max(apiLimits.keyChars)
    .regex(/^[\x21-\x7e]+$/, 'must have only printable ASCII characters, without spaces')
    .optional(),
  caller,
});

export type ParsedConfigure = z.infer<typeof configureSchema>;

export function parseConfigure(request: ConfigureRequest): ParsedConfigure {
  return parse(configureSchema, request, 'configureProvider');
}

function parse<T>(schema: z.ZodType<T>, request: unknown, what: string): T {
  const tooLarge = new SizeBudget(apiLimits).refuse(request);
  if (tooLarge !== undefined) throw new TypeError(`${what}: the request ${tooLarge(english)}`);
  const parsed = schema.safeParse(request);
  if (parsed.success) return parsed.data;
  const shown = parsed.error.issues.slice(0, apiLimits.problems);
  const problems = shown.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new TypeError(`${what}: ${problems.join('; ')}`);
}

export function promptFor({ messages, maxOutputTokens, temperature }: ParsedChat): Prompt {
  return {
    prompt: messages.map(({ role, content }) =>
      role === 'system' ? { role, content } : { role, content: [{ type: 'text', text: content }] },
    ),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(temperature === undefined ? {} : { temperature }),
  };
}

/** The name as the audit trail keeps it. Only the caller itself vouches for it. */
export function declaredBy(name: string): string {
  return `${name} (self-declared)`;
}
