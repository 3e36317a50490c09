import type { SharedV4ProviderMetadata, SharedV4ProviderOptions } from '@ai-sdk/provider';
import * as z from 'zod';
import { markedAs } from '../../providers/translation/made-by.ts';
import { parseJson } from '../../shared/json.ts';
import type { Decoding } from './decoding.ts';

/**
 * A client sends a piece of reasoning back with the signature that it came with. For an answer of another dialect the
 * signature holds what that dialect wants back, and who made it.
 */
const prefix = 'cg1.';

const members = {
  anthropic: ['signature', 'redactedData'],
  openai: ['itemId', 'reasoningEncryptedContent'],
  google: ['thoughtSignature'],
} as const;

type Provider = keyof typeof members;

const signed = z.strictObject({
  target: z.string(),
  of: z.partialRecord(
    z.enum(Object.keys(members) as [Provider, ...Provider[]]),
    z.partialRecord(z.enum(Object.values(members).flat()), z.string()),
  ),
});

/** Whether a dialect wants something back with this piece. An id alone is of no use to a provider that stores nothing. */
export function wantsBack(metadata: SharedV4ProviderMetadata | undefined): boolean {
  return Object.entries(members).some(([provider, names]) =>
    names.some((name) => name !== 'itemId' && typeof metadata?.[provider]?.[name] === 'string'),
  );
}

/** The signature for a piece that this target made. */
export function signatureFor(target: string, metadata: SharedV4ProviderMetadata | undefined): string {
  const of: Record<string, unknown> = {};
  for (const [provider, names] of Object.entries(members)) {
    const found = names.flatMap((name) => {
      const value = metadata?.[provider]?.[name];
      return typeof value === 'string' ? [[name, value] as const] : [];
    });
    if (found.length > 0) of[provider] = Object.fromEntries(found);
  }
  return prefix + Buffer.from(JSON.stringify({ target, of })).toString('base64url');
}

/**
 * The options of a part that came back with this signature. A signature of the client's own protocol is of no use to
 * another dialect; its part is marked as made by an unknown model, and `field` is lost.
 */
export function optionsFrom(
  signature: string | undefined,
  field: string,
  decoding: Decoding,
): SharedV4ProviderOptions {
  const isOurs = signature?.startsWith(prefix) === true;
  const text = isOurs ? Buffer.from(signature.slice(prefix.length), 'base64url').toString() : '';
  const parsed = signed.safeParse(parseJson(text));
  if (parsed.success) return markedAs(parsed.data.target, parsed.data.of);
  if (signature !== undefined && signature !== '') decoding.drop(field);
  return markedAs(undefined);
}
