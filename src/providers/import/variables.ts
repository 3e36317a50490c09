import { Secret } from '../../shared/secret.ts';
import { providerOfVariable } from '../config/key-variables.ts';
import { addressBeside } from './row-address.ts';
import type { SourceRow, SourceRows } from './source-row.ts';

/** The keys in the variables that the providers' own SDKs read. Other variables may belong to any program. */
export function rowsOfEnvironment(env: Readonly<Record<string, string | undefined>>): SourceRows {
  const rows = [...providerOfVariable].flatMap(([name, provider]): SourceRow[] => {
    const value = env[name];
    if (value === undefined || value.trim() === '') return [];
    const address = addressBeside(name, (variable) => env[variable]);
    const row = { place: () => name, provider, value: new Secret(value) };
    return [address === undefined ? row : { ...row, address }];
  });
  return { rows, bad: [] };
}
