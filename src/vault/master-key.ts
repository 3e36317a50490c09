import { createHmac, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';

const keyBytes = 32;

/** 16 hex digits tell any number of keys apart, and say nothing of the key. */
const kidChars = 16;

/** A key of the key ring. Like a Secret, it does not print; its id does. */
export class MasterKey {
  /** Names the key without telling it: an HMAC of a constant under the key, cut short. 16 hex digits. */
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
   * 32 bytes in base64, of either alphabet, with or without its padding; undefined for anything else. Surrounding
   * white space is let pass, as a key read from a file ends in a newline.
   */
  static parse(text: string): MasterKey | undefined {
    const digits = text.trim().replaceAll('+', '-').replaceAll('/', '_').replace(/=$/, '');
    const bytes = Buffer.from(digits, 'base64url');
    return bytes.length === keyBytes && bytes.toString('base64url') === digits
      ? new MasterKey(bytes)
      : undefined;
  }

  /** The first half signs (Fernet spec, "Key Format"). */
  get signingKey(): Buffer {
    return this.#bytes.subarray(0, keyBytes / 2);
  }

  /** The second half encrypts. */
  get encryptionKey(): Buffer {
    return this.#bytes.subarray(keyBytes / 2);
  }

  /** Signs the audit trail: derived, so that neither key can be told from the other. 32 bytes. */
  get auditKey(): Buffer {
    return createHmac('sha256', this.#bytes).update('callguard audit trail').digest();
  }

  /** For the ring file alone: 32 bytes in url-safe base64, padded as Fernet keys are everywhere. */
  reveal(): string {
    return `${this.#bytes.toString('base64url')}=`;
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
