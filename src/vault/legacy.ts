import { err, ok, type Result } from '../shared/result.ts';
import { looksLikeToken, openToken } from './fernet.ts';
import { keysOf, type Ring } from './key-ring.ts';

const namePrefix = 'callguard.apiKey.';

/** Legacy base64 decodes to at least this many printable characters; other text is a plain key. */
const shortestDecoded = 16;

/** The provider of a row of the older layout; undefined for other rows. */
export function providerOfLegacyRow(name: string): string | undefined {
  return name.startsWith(namePrefix) && name.length > namePrefix.length
    ? name.slice(namePrefix.length)
    : undefined;
}

export function legacyRowName(provider: string): string {
  return namePrefix + provider;
}

/**
 * The key in a value of the older layout: a Fernet token under a key of the ring, base64, or the plain key. A Fernet
 * token that does not open is an error, never another form. Some plain keys are valid base64 (Mistral, Azure), so
 * base64 must decode to printable characters.
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
