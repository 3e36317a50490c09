const namePrefix = 'callguard.key.';

/** The name of a provider's row in SecretStorage. */
export function rowName(provider: string): string {
  return namePrefix + provider;
}

/** The provider of a row; undefined for rows of other kinds. */
export function providerOfRow(name: string): string | undefined {
  return name.startsWith(namePrefix) && name.length > namePrefix.length
    ? name.slice(namePrefix.length)
    : undefined;
}
