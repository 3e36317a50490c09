/** What follows a provider's name in the variable of its address, as SDKs and well-known tools read it. */
const endings = ['BASE_URL', 'API_BASE', 'API_BASE_URL', 'API_URL', 'API_ENDPOINT', 'ENDPOINT', 'BASE'];
const isAddress = new RegExp(`_(?:${endings.join('|')})$`);

/** The address of Hugging Face's hub, not of its models. */
const otherAddresses: ReadonlySet<string> = new Set(['HF_ENDPOINT']);

/** Whether a variable may have the address that belongs to a key. */
export function mayBeAddress(variable: string): boolean {
  return isAddress.test(variable) && !otherAddresses.has(variable);
}

/** The address in a variable beside the one with the key: `OPENAI_BASE_URL` for `OPENAI_API_KEY`. */
export function addressBeside(
  variable: string,
  valueOf: (variable: string) => string | undefined,
): string | undefined {
  const provider = variable.replace(/(?:_API)?_(?:KEY|TOKEN)$/, '');
  const values = endings
    .map((ending) => `${provider}_${ending}`)
    .filter(mayBeAddress)
    .map((name) => valueOf(name)?.trim());
  return values.find((value) => value !== undefined && value !== '');
}
