import type { Wording } from '../../shared/l10n.ts';
import { Secret } from '../../shared/secret.ts';
import { providerNamed, providerOfVariable } from '../config/key-variables.ts';
import type { BadRow, SourceRow, SourceRows } from './source-row.ts';

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

// The value: between matching quotes, or up to a comment.
const assignment =
  /^\s*(?:export\s+)?(?<name>[A-Za-z_]\w*)\s*=\s*(?:"(?<double>(?:[^"\\]|\\.)*)"|'(?<single>[^']*)'|`(?<tick>[^`]*)`|(?<bare>[^#"'`][^#]*)?)\s*(?:#.*)?$/;

/** The keys in a `.env` file. Includes `<NAME>_API_KEY` of any name, so that the user sees what is not imported. */
export function rowsOfDotenv(text: string): SourceRows {
  const rows: SourceRow[] = [];
  const bad: BadRow[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    const { name, double, single, tick, bare } = assignment.exec(line)?.groups ?? {};
    const named = name ?? /(\w+)\s*=/.exec(line)?.[1] ?? '';
    const provider = providerNamed(named);
    if (provider === undefined) continue;
    const place: Wording = (l10n) => l10n.t('line {0}, {1}', index + 1, named);
    const value = double?.replaceAll(/\\(.)/g, '$1') ?? single ?? tick ?? bare?.trim() ?? '';
    if (name === undefined) bad.push({ place, problem: (l10n) => l10n.t('its value cannot be read') });
    else if (value === '') bad.push({ place, problem: (l10n) => l10n.t('it is empty') });
    else rows.push({ place, provider, value: new Secret(value) });
  }
  return { rows, bad };
}
