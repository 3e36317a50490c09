/** The part of the package `fernet` that seals. The package has no types. */
declare module 'fernet' {
  interface Words {
    readonly sigBytes: number;
  }

  interface FernetPackage {
    readonly Hex: { parse(hex: string): Words };
    readonly Token: new (options: {
      readonly secret: { readonly signingKey: Words; readonly encryptionKey: Words };
      readonly ttl: 0;
    }) => { encode(message: string): string };
  }

  const fernet: FernetPackage;
  export = fernet;
}
