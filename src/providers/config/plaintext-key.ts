import { Secret } from '../../shared/secret.ts';

/** A key that a person wrote into a provider's entry, where everything that reads settings can see it. */
export interface PlaintextKey {
  /** What it is called there. */
  readonly field: string;
  /** Undefined for what can be no key: an empty text, or no text at all. */
  readonly key: Secret | undefined;
  /** The entry without it. */
  readonly rest: Readonly<Record<string, unknown>>;
}

/** What people call it: `apiKey` in any spelling, or `key`. No field of an entry is called so. */
const fieldName = /^(?:api[-_]?)?key$/i;

/** The key in an entry of `callguard.providers`, if it has one. */
export function plaintextKeyIn(entry: unknown): PlaintextKey | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const fields: [string, unknown][] = Object.entries(entry);
  const found = fields.find(([name]) => fieldName.test(name));
  if (found === undefined) return undefined;
  const [field, value] = found;
  const text = typeof value === 'string' ? value.trim() : '';
  return {
    field,
    key: text === '' ? undefined : new Secret(text),
    rest: Object.fromEntries(fields.filter(([name]) => name !== field)),
  };
}
