import { foldCase } from '../shared/fold-case.ts';

/** Matches nearly all names. Such a name is canonical already. */
const plainName = /^(?!models\/)[a-z0-9]([a-z0-9_+-]|[.:/@](?=[a-z0-9_+-]))*$/;

/** Matches nearly all patterns, with the same meaning. */
const plainPattern = /^(?!models\/)[a-z0-9*]([a-z0-9_:@/+*-]|\.(?=[a-z0-9_:@+*-]))*$/;

/**
 * What a server might leave out, decode, or take for more than one name: controls, blanks and what shows as nothing; an
 * escape of a URL; a separator of lists; a wildcard; quotes and brackets; what ends or changes the path of a URL, where
 * some APIs have the model; a name or a tag that is empty.
 */
const oddCharacters =
  /[\p{C}\p{Z}\s\p{Default_Ignorable_Code_Point}%,;?#\\*|&"'`<>{}^]|(^|\/)\.{0,2}(\/|$)|[:@]$|^:/u;

/** Google's API accepts a model with and without this prefix. */
const optionalPrefix = 'models/';

/**
 * The canonical form of a model's name: trimmed, composed (NFC), case-folded, without `models/`. Policy, caps, prices and
 * usage compare this form, because a server may accept any spelling. Undefined for a name that a server could read as
 * another one, because it has an odd character or differs from its compatibility form (NFKC).
 */
export function canonicalModel(name: string): string | undefined {
  if (plainName.test(name)) return name;
  const written = writtenModel(name);
  if (oddCharacters.test(written) || written.normalize('NFKC') !== written) return undefined;
  const canonical = canonicalPattern(written);
  return canonical === '' ? undefined : canonical;
}

/** Whether a pattern can match any name. A pattern with an odd character never applies. */
export function canMatchModel(pattern: string): boolean {
  return canonicalModel(pattern.replaceAll('*', 'x')) !== undefined;
}

/** The canonical form of a pattern. */
export function canonicalPattern(pattern: string): string {
  if (plainPattern.test(pattern)) return pattern;
  let folded = foldCase(writtenModel(pattern));
  while (folded.startsWith(optionalPrefix)) folded = folded.slice(optionalPrefix.length);
  return folded;
}

/** More parts of a path than any model has. Only the last ones count. */
const mostParts = 9;

/**
 * The canonical name and its shorter forms, all of which a pattern that denies has to match: without accents, without
 * the path before it (`tunedModels/…`, `publishers/google/models/…`), and without a tag or version (`:free`, `@001`). A
 * server may take the name for each of them.
 */
export function formsOf(canonical: string): string[] {
  const parts = canonical.split('/');
  const paths = parts.slice(-mostParts).map((_, at, { length }) => parts.slice(at - length).join('/'));
  const names = [...new Set([canonical, ...paths])].flatMap((name) => {
    const tag = name.slice(name.lastIndexOf('/') + 1).search(/[:@]/);
    return tag < 0 ? [name] : [name, name.slice(0, name.lastIndexOf('/') + 1 + tag)];
  });
  return [...new Set(names.flatMap((name) => [name, withoutMarks(name)]))];
}

/** The name without accents. A server may ignore them, as the default collations of MySQL do. */
function withoutMarks(name: string): string {
  return plainName.test(name) ? name : name.normalize('NFD').replaceAll(/\p{M}/gu, '').normalize('NFC');
}

/** The name in its writer's spelling, without the blanks around it. */
export function writtenModel(name: string): string {
  return name.trim().normalize('NFC');
}

/** Whether two names stand for the same model. An odd name stands for no model. */
export function isSameModel(left: string, right: string): boolean {
  const canonical = canonicalModel(left);
  return canonical !== undefined && canonical === canonicalModel(right);
}
