import { createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { err, ok, type Result } from '../shared/result.ts';
import type { MasterKey } from './master-key.ts';

/** Why a token does not open. `mac`: sealed under another key, or changed. `padding`: only the MAC is right. */
export type TokenFault =
  'encoding' | 'version' | 'length' | 'mac' | 'padding' | 'text' | 'expired' | 'future';

/** For tokens with a time to live. Callguard's own have none. */
export interface TokenAge {
  readonly nowMs: number;
  readonly ttlMs: number;
}

const version = 0x80;
const timeEnd = 9;
const ivEnd = 25;
const macBytes = 32;
/** The size of version, time, IV and MAC: all of a token except its ciphertext. */
const fixedBytes = ivEnd + macBytes;
const blockBytes = 16;
/** The version, and the upper half of the time. */
const tellingBytes = 5;
/** How far a clock may be ahead (Fernet spec, "Verifying"). */
const clockSkewMs = 60_000;

/**
 * Seals a text as a Fernet token, and checks that it opens again, because a token that cannot be read is a lost key.
 * Throws if the token does not open to the same text, and for an empty text, which the package would seal wrongly.
 */
export async function sealToken(plaintext: string, key: MasterKey): Promise<string> {
  if (plaintext === '') throw new RangeError('an empty text cannot be sealed');
  const { sealWithPackage } = await import('./fernet-seal.ts');
  const token = sealWithPackage(plaintext, key.signingKey, key.encryptionKey);
  const opened = openToken(token, key);
  if (!opened.ok || opened.value !== plaintext)
    throw new Error('the sealed token did not decrypt to the original text');
  return token;
}

/**
 * Opens a Fernet token, as strictly as the spec allows: canonical padded url-safe base64, version 0x80, whole
 * blocks, the MAC compared in constant time and before anything is decrypted, real PKCS #7 padding, valid UTF-8.
 * https://github.com/fernet/spec/blob/master/Spec.md
 */
export function openToken(token: string, key: MasterKey, age?: TokenAge): Result<string, TokenFault> {
  const bytes = Buffer.from(token, 'base64url');
  if (padded(bytes) !== token) return err('encoding');
  if (bytes[0] !== version) return err('version');
  if (bytes.length < fixedBytes + blockBytes || (bytes.length - fixedBytes) % blockBytes !== 0)
    return err('length');

  const macStart = bytes.length - macBytes;
  const mac = createHmac('sha256', key.signingKey).update(bytes.subarray(0, macStart)).digest();
  if (!timingSafeEqual(mac, bytes.subarray(macStart))) return err('mac');
  if (age !== undefined) {
    const sealedMs = Number(bytes.readBigUInt64BE(1)) * 1000;
    if (age.nowMs > sealedMs + age.ttlMs) return err('expired');
    if (sealedMs > age.nowMs + clockSkewMs) return err('future');
  }

  const decipher = createDecipheriv('aes-128-cbc', key.encryptionKey, bytes.subarray(timeEnd, ivEnd));
  const opened = attempt(() =>
    Buffer.concat([decipher.update(bytes.subarray(ivEnd, macStart)), decipher.final()]),
  );
  if (opened === undefined) return err('padding');
  const text = attempt(() => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(opened));
  return text === undefined ? err('text') : ok(text);
}

/** As many characters of a token as have its version, time and IV. */
const generationChars = 34;

/** The part of a token that no other token has, and that says nothing about its content. */
export function generationOf(token: string): string {
  return token.slice(0, generationChars);
}

/** When a token of this generation was sealed, in seconds; 0 for a text that is no generation. */
export function sealedAtS(generation: string): number {
  const bytes = Buffer.from(generation, 'base64url');
  return bytes.length < timeEnd ? 0 : Number(bytes.readBigUInt64BE(1));
}

/**
 * Whether the text is a Fernet token under any key. Base64 of an ASCII key never begins with the version's byte. A
 * plain key may (`gB…`), but not followed by the four zero bytes with which a time in seconds begins until 2106.
 */
export function looksLikeToken(text: string): boolean {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length >= tellingBytes && bytes.readUIntBE(0, tellingBytes) === version * 2 ** 32;
}

function padded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}

/** Node throws for bad padding and bad UTF-8. Neither error says more than that. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
