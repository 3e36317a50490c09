import { shapes } from '../../src/redaction/shapes/registry.ts';
import type { Shape } from '../../src/redaction/shape.ts';
import { english } from '../../src/shared/l10n.ts';

/** What the list of kinds in the description of callguard.promptSecrets begins with. */
export const kindsLead = 'Callguard recognizes: ';

/** Of the beginnings of one kind. More would make a table that no screen holds. */
const mostShown = 4;

/** Every kind of secret by the name that a user reads, with how its secrets look, as the documentation says it. */
export function secretKinds(): [name: string, looks: string][] {
  const groups = Map.groupBy(shapes, ({ label }) => label(english));
  return [...groups].map(([name, alike]) => [name, alike.map(looksOf).join('; ')]);
}

/** The description of the setting with the list of kinds at its end. */
export function withKinds(description: string): string {
  const names = secretKinds().map(([name]) => name);
  return `${description.split(` ${kindsLead}`, 1)[0]} ${kindsLead}${names.join(', ')}.`;
}

function looksOf(shape: Shape): string {
  switch (shape.form) {
    case 'prefix':
      return `begins with ${code(shape.prefixes)}`;
    case 'marker':
      return `has ${code([shape.marker])} inside`;
    case 'named':
      return `follows a name such as ${code(shape.names.map((name) => name.replaceAll(' ', '_')))}`;
    case 'block':
      return `stands between ${code(['BEGIN … PRIVATE KEY', 'END … PRIVATE KEY'])}`;
    case 'url':
      return `stands in ${code(['scheme://user:password@host'])}`;
  }
}

function code(words: readonly string[]): string {
  const shown = words.slice(0, mostShown).map((word) => `\`${word}\``);
  return [...shown, ...(words.length > mostShown ? ['…'] : [])].join(', ');
}
