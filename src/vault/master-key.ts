import { createHmac, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { isWeakKey } from './weak-key.ts';

const keyBytes = 32;

/** 16 hex digits distinguish any number of keys and reveal nothing about the key. */
const kidChars = 16;

/** A key of the key ring. Like a Secret, it does not print, but its id does. */
export class MasterKey {
  /** Names the key without revealing it: 16 hex digits of an HMAC of a constant under the key. */
  readonly kid: string;
  readonly #bytes: Buffer;

  private constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.kid = createHmac('sha256', bytes).update('callguard key id').digest('hex').slice(0, kidChars);
  }

  static generate(): MasterKey {
    return new MasterKey(randomBytes(keyBytes));
  }

  /**
   * Reads 32 random bytes in base64, of either alphabet, with or without padding; undefined for other text. White space
   * around the key is ignored, because a key that was read from a file ends with a newline.
   */
  static parse(text: string): MasterKey | undefined {
    const bytes = keyBytesOf(text);
    return bytes === undefined || isWeakKey(bytes) ? undefined : new MasterKey(bytes);
  }

  /** Whether `parse` refuses the text only because its bytes are plainly not random. */
  static isWeak(text: string): boolean {
    const bytes = keyBytesOf(text);
    return bytes !== undefined && isWeakKey(bytes);
  }

  /** The first half signs (Fernet spec, "Key Format"). */
  get signingKey(): Buffer {
    return this.#bytes.subarray(0, keyBytes / 2);
  }

  /** The second half encrypts. */
  get encryptionKey(): Buffer {
    return this.#bytes.subarray(keyBytes / 2);
  }

  /** The key that signs the audit trail: derived, so that neither key reveals the other. 32 bytes. */
  get auditKey(): Buffer {
    return createHmac('sha256', this.#bytes).update('callguard audit trail').digest();
  }

  /** The key that signs the manifest, derived for the same reason. 32 bytes. */
  get manifestKey(): Buffer {
    return createHmac('sha256', this.#bytes).update('callguard manifest').digest();
  }

  /** Only for the ring file: 32 bytes in url-safe base64, padded as Fernet keys are. */
  reveal(): string {
    return `${this.#bytes.toString('base64url')}=`;
  }

  /** For redaction: every way in which a file or a variable may have it. */
  spellings(): readonly string[] {
    const digits = ['base64', 'base64url'] as const;
    const all = digits.map((alphabet) => this.#bytes.toString(alphabet).replace(/=$/, ''));
    return [...new Set(all)].flatMap((text) => [`${text}=`, text]);
  }

  toString(): string {
    return `[master key ${this.kid}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

function keyBytesOf(text: string): Buffer | undefined {
  const digits = text.trim().replaceAll('+', '-').replaceAll('/', '_').replace(/=$/, '');
  const bytes = Buffer.from(digits, 'base64url');
  return bytes.length === keyBytes && bytes.toString('base64url') === digits ? bytes : undefined;
}
