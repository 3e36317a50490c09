// Load this with `await import()` only, so that crypto-js is not read at activation.
import fernet from 'fernet';

// The package adds this as enumerable, and `for (in)` of every extension in the same host would see it.
Object.defineProperty(String.prototype, 'lpad', { enumerable: false });

/**
 * A Fernet token without a time to live, written by the package. It gets no `iv` (the package garbles it) and no `time`
 * (the package ignores numbers). Each call uses a new Token, because a used one may seal the old message again. The key
 * is passed in parts, because the package's own parser calls `new Buffer`, which prints a warning.
 */
export function sealWithPackage(plaintext: string, signingKey: Buffer, encryptionKey: Buffer): string {
  const secret = {
    signingKey: fernet.Hex.parse(signingKey.toString('hex')),
    encryptionKey: fernet.Hex.parse(encryptionKey.toString('hex')),
  };
  return new fernet.Token({ secret, ttl: 0 }).encode(plaintext);
}
