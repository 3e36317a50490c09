import type { Wording } from '../../shared/l10n.ts';
import { importLimits } from '../../shared/limits.ts';
import { Secret } from '../../shared/secret.ts';
import { providerNamed } from '../config/key-variables.ts';
import { addressBeside, mayBeAddress } from './row-address.ts';
import type { BadRow, SourceRow, SourceRows } from './source-row.ts';
import { checkRows } from './table.ts';

/** The keys in a `.env` file. Includes `<NAME>_API_KEY` of any name, so that the user sees what is not imported. */
export function rowsOfDotenv(text: string): SourceRows {
  const rows: (SourceRow & { readonly name: string })[] = [];
  const bad: BadRow[] = [];
  const addresses = new Map<string, string>();
  for (let [start, row] = [0, 1]; start < text.length; row += 1) {
    const end = indexOrEnd(text, '\n', start);
    // A longer line cannot be read, but its name can.
    const { name, value } = readLine(text.slice(start, Math.min(end, start + importLimits.lineChars)));
    start = end + 1;
    if (name === undefined || name.length > importLimits.nameChars) continue;
    if (value !== undefined && mayBeAddress(name)) addresses.set(name, value);
    const provider = providerNamed(name);
    if (provider === undefined) continue;
    const place: Wording = (l10n) => l10n.t('line {0}, {1}', row, name);
    if (value === undefined) bad.push({ place, problem: (l10n) => l10n.t('its value cannot be read') });
    else if (value === '') bad.push({ place, problem: (l10n) => l10n.t('it is empty') });
    else rows.push({ name, place, provider, value: new Secret(value) });
    checkRows(rows.length + bad.length, (l10n) => l10n.t('the file'));
  }
  return { rows: rows.map(({ name, ...row }) => ({ ...row, ...besideOf(name, addresses) })), bad };
}

/** The address may come before or after the key. */
function besideOf(name: string, addresses: ReadonlyMap<string, string>): Pick<SourceRow, 'address'> {
  const address = addressBeside(name, (variable) => addresses.get(variable));
  return address === undefined ? {} : { address };
}

function indexOrEnd(text: string, part: string, from: number): number {
  const found = text.indexOf(part, from);
  return found < 0 ? text.length : found;
}

interface Line {
  /** Undefined if the line sets no variable. */
  readonly name?: string;
  /** Undefined if the line cannot be read. */
  readonly value?: string;
}

// Each is matched at one place of the line, and takes linear time: none has two parts that could take the same text.
const start = /\s*(?:export\s+)?(?<name>[A-Za-z_]\w*)\s*=\s*/y;
const quoted = /"(?<double>(?:[^"\\]|\\.)*)"|'(?<single>[^']*)'|`(?<tick>[^`]*)`/y;
const bare = /[^#"'`][^#]*|/y;
const rest = /\s*(?:#.*)?$/y;

function readLine(text: string): Line {
  const line = text.endsWith('\r') ? text.slice(0, -1) : text;
  if (/^\s*(?:#|$)/.test(line)) return {};
  const begin = matchAt(start, line, 0);
  if (begin === undefined) return unreadable(line);
  const inQuotes = matchAt(quoted, line, begin.end);
  const value = inQuotes ?? matchAt(bare, line, begin.end);
  const { name = '' } = begin.groups;
  if (value === undefined || matchAt(rest, line, value.end) === undefined) return { name };
  const { double, single, tick } = value.groups;
  return { name, value: double?.replaceAll(/\\(.)/g, '$1') ?? single ?? tick ?? value.text.trim() };
}

interface Match {
  readonly text: string;
  readonly end: number;
  readonly groups: Readonly<Partial<Record<string, string>>>;
}

function matchAt(pattern: RegExp, line: string, at: number): Match | undefined {
  pattern.lastIndex = at;
  const found = pattern.exec(line);
  return found === null
    ? undefined
    : { text: found[0], end: at + found[0].length, groups: found.groups ?? {} };
}

/** The name before a `=` tells the user which key is not imported. */
function unreadable(line: string): Line {
  for (let equals = line.indexOf('='); equals >= 0; equals = line.indexOf('=', equals + 1)) {
    let end = equals;
    while (/\s/.test(line.charAt(end - 1))) end -= 1;
    let begin = end;
    while (/\w/.test(line.charAt(begin - 1))) begin -= 1;
    if (begin < end) return { name: line.slice(begin, end) };
  }
  return {};
}
