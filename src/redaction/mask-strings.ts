import { isObject } from '../shared/json.ts';
import { nothingLoaded } from './known-secrets.ts';
import { maskSecrets } from './prompt-scan.ts';

/**
 * A document without what has the full shape of a key, in any of its texts. Settings may have a key in a wrong place,
 * such as a name or a base URL.
 */
export function maskStrings<T>(document: T): T {
  return masked(document) as T;
}

function masked(value: unknown): unknown {
  if (typeof value === 'string') return maskSecrets(value, nothingLoaded);
  if (Array.isArray(value)) return value.map(masked);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, masked(each)]));
}
