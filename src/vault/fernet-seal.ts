// Loaded by `await import()` only, so that crypto-js is not read at activation.
import fernet from 'fernet';

// The package adds this enumerable, and every extension in the same host would see it in `for (in)`.
Object.defineProperty(String.prototype, 'lpad', { enumerable: false });

/**
 * A Fernet token without a time to live, written by the package. Never given `iv` (it garbles it) or `time` (it
 * ignores numbers): it takes its own. A new Token each time, as a used one may seal the old message again.
 * The key is handed over in parts: the package's own parser calls `new Buffer`, which prints a warning.
 */
export function sealWithPackage(plaintext: string, signingKey: Buffer, encryptionKey: Buffer): string {
  const secret = {
    signingKey: fernet.Hex.parse(signingKey.toString('hex')),
    encryptionKey: fernet.Hex.parse(encryptionKey.toString('hex')),
  };
  return new fernet.Token({ secret, ttl: 0 }).encode(plaintext);
}
