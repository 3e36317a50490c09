/** The sizes of an RSA key's numbers in bytes, for 2,048 bits: modulus, exponents, primes and what follows of them. */
const sizes = [256, 3, 256, 128, 128, 128, 128, 128];
const firstOfPositive = 0x01;

/** An RSA key of random numbers in PKCS#1, which tools that look at its structure take for a real one. */
export function rsaKeyOf(hexDigits: (length: number) => string): string {
  const numbers = sizes.map((size) => {
    const bytes = Buffer.from(hexDigits(size * 2), 'hex');
    bytes[0] = firstOfPositive;
    return item(0x02, bytes);
  });
  const key = item(0x30, Buffer.concat([item(0x02, Buffer.of(0)), ...numbers]));
  const lines = key.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN RSA PRIVATE KEY-----', ...lines, '-----END RSA PRIVATE KEY-----'].join('\n');
}

/** Distinguished Encoding Rules: a type, a length, a value. */
function item(type: number, value: Buffer): Buffer {
  const { length } = value;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(type, ...size), value]);
}
