import { err, ok, type Result } from '../shared/result.ts';
import { looksLikeToken, openToken } from './fernet.ts';
import { keysOf, type Ring } from './key-ring.ts';

const namePrefix = 'callguard.apiKey.';

/** Legacy base64 decodes to at least so many printable characters; what does not is a key in the clear. */
const shortestDecoded = 16;

/** Whose row of the older layout it is; undefined for other rows. */
export function providerOfLegacyRow(name: string): string | undefined {
  return name.startsWith(namePrefix) && name.length > namePrefix.length
    ? name.slice(namePrefix.length)
    : undefined;
}

export function legacyRowName(provider: string): string {
  return namePrefix + provider;
}

/**
 * The key in a value of the older layout: a Fernet token under a key of the ring, base64, or the key in the clear.
 * A Fernet token that does not open is an error, and never taken for anything else. Some keys in the clear are
 * valid base64 themselves (Mistral, Azure), hence the printable characters.
 */
export function decodeLegacyValue(text: string, ring: Ring): Result<string, 'empty' | 'unreadableToken'> {
  const value = text.trim();
  if (value === '') return err('empty');
  if (looksLikeToken(value)) {
    for (const key of keysOf(ring)) {
      const opened = openToken(value, key);
      if (opened.ok) return opened.value === '' ? err('empty') : opened;
    }
    return err('unreadableToken');
  }
  return ok(decodeBase64(value) ?? value);
}

function decodeBase64(value: string): string | undefined {
  const bytes = Buffer.from(value, 'base64');
  const canonical = bytes.toString('base64');
  const urlSafe = canonical.replaceAll('+', '-').replaceAll('/', '_');
  const spellings = [canonical, urlSafe, canonical.replace(/=+$/, ''), urlSafe.replace(/=+$/, '')];
  if (!spellings.includes(value)) return undefined;
  const text = bytes.toString('latin1');
  return text.length >= shortestDecoded && /^[\x20-\x7e]+$/.test(text) ? text : undefined;
}
