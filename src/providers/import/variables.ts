import { Secret } from '../../shared/secret.ts';
import { providerOfVariable } from '../config/key-variables.ts';
import type { SourceRow, SourceRows } from './source-row.ts';

/** The keys in the variables that the providers' own SDKs read. Other variables may belong to any program. */
export function rowsOfEnvironment(env: Readonly<Record<string, string | undefined>>): SourceRows {
  const rows = [...providerOfVariable].flatMap(([name, provider]): SourceRow[] => {
    const value = env[name];
    return value === undefined || value.trim() === ''
      ? []
      : [{ place: () => name, provider, value: new Secret(value) }];
  });
  return { rows, bad: [] };
}
