import { Secret } from '../../shared/secret.ts';

/** A key that the user wrote into a provider's entry, where everything that reads settings can see it. */
export interface PlaintextKey {
  /** The field that holds it. */
  readonly field: string;
  /** Undefined if the field has no text. */
  readonly key: Secret | undefined;
  /** The entry without the key. */
  readonly rest: Readonly<Record<string, unknown>>;
}

/** The names that users give it: `apiKey` in any spelling, or `key`. No field of an entry has such a name. */
const fieldName = /^(?:api[-_]?)?key$/i;

/** The key in an entry of `callguard.providers`, or undefined. */
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
