import * as z from 'zod';
import { placed, type Wording } from '../shared/l10n.ts';
import { redactionLimits } from '../shared/limits/redaction-limits.ts';
import { issuesAt } from '../shared/zod-issues.ts';
import { prefixed, type Shape } from './shape.ts';

const { ownShapes, prefixChars, ownKeyChars, shapeNameChars } = redactionLimits;
const shortestPrefix = 3;
const shortestKey = 8;
const place = 'callguard.redaction.shapes';
const printable = /^[\x21-\x7e]*$/;

const schema = z.strictObject({
  name: z.string().min(1).max(shapeNameChars),
  prefix: z.string().min(shortestPrefix).max(prefixChars),
  chars: z.enum(['alnum', 'base64url', 'hex']),
  min: z.int().min(shortestKey).max(ownKeyChars),
  max: z.int().min(shortestKey).max(ownKeyChars),
});

/**
 * Reads `callguard.redaction.shapes`, the user's own kinds of keys. Leaves out an entry that cannot be read and reports
 * its place and its problem.
 */
export function parseOwnShapes(setting: unknown): { shapes: Shape[]; problems: Wording[] } {
  // VS Code uses null for a setting that is absent.
  const list = z.array(z.unknown()).safeParse(setting ?? []);
  const shapes: Shape[] = [];
  const problems: Wording[] = [];
  if (!list.success) problems.push(placed(place, (l10n) => l10n.t('must be a list of shapes')));
  for (const [index, item] of (list.data ?? []).entries()) {
    const at = `${place}.${index}`;
    const parsed = schema.safeParse(item);
    if (index >= ownShapes)
      problems.push(placed(at, (l10n) => l10n.t('must be one of at most {0} shapes', ownShapes)));
    else if (!parsed.success) problems.push(...issuesAt(at, parsed.error));
    else if (!printable.test(parsed.data.prefix))
      problems.push(
        placed(`${at}.prefix`, (l10n) => l10n.t('must have ASCII characters only, without spaces')),
      );
    else if (parsed.data.max < parsed.data.min)
      problems.push(placed(`${at}.max`, (l10n) => l10n.t('must be at least {0}', parsed.data.min)));
    else shapes.push(shapeOf(parsed.data));
  }
  return { shapes, problems: problems.map(withConsequence) };
}

function shapeOf({ name, prefix, chars, min, max }: z.infer<typeof schema>): Shape {
  return prefixed(name, () => name, [prefix], [chars, min, min], 'prefix', { max });
}

function withConsequence(problem: Wording): Wording {
  return (l10n) => l10n.t('{0}; until you fix it, prompts with secrets are blocked', problem(l10n));
}
