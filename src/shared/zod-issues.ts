import type * as z from 'zod';
import { placed, type Wording } from './l10n.ts';
import { settingsLimits } from './limits/settings-limits.ts';

type Issue = z.core.$ZodIssue;

/**
 * What a schema refuses in the value at `place`: a path and a reason for each problem, never the value. zod's own
 * texts exist in English only.
 */
export function issuesAt(place: string, { issues }: z.core.$ZodError): Wording[] {
  const most = settingsLimits.problems;
  const shown = issues
    .slice(0, most)
    .map((issue) => placed([place, ...issue.path].join('.'), issueWords(issue)));
  if (issues.length <= most) return shown;
  return [...shown, placed(place, (l10n) => l10n.t('has {0} more problems', issues.length - most))];
}

interface Refinement {
  readonly params: { readonly wording: Wording };
}

/** For `refine`: how its problem is worded. */
export function worded(wording: Wording): Refinement {
  return { params: { wording } };
}

function issueWords(issue: Issue): Wording {
  switch (issue.code) {
    case 'invalid_type':
      return typeWords(issue.expected);
    case 'too_small':
      return boundWords(issue.origin, 'least', issue.minimum, issue.inclusive);
    case 'too_big':
      return boundWords(issue.origin, 'most', issue.maximum, issue.inclusive);
    case 'invalid_value':
      return (l10n) => l10n.t('must be one of {0}', issue.values.map(String).join(', '));
    case 'unrecognized_keys':
      return (l10n) =>
        l10n.t('unknown property {0}', issue.keys.slice(0, settingsLimits.problems).join(', '));
    case 'custom':
      return (issue.params as Partial<Refinement['params']> | undefined)?.wording ?? invalid;
    default:
      return invalid;
  }
}

const invalid: Wording = (l10n) => l10n.t('is not valid');

function typeWords(expected: string): Wording {
  switch (expected) {
    case 'string':
      return (l10n) => l10n.t('must be a string');
    case 'number':
      return (l10n) => l10n.t('must be a number');
    case 'int':
      return (l10n) => l10n.t('must be an integer');
    case 'boolean':
      return (l10n) => l10n.t('must be true or false');
    case 'array':
      return (l10n) => l10n.t('must be a list');
    default:
      return (l10n) => l10n.t('must be an object');
  }
}

function boundWords(
  origin: string,
  end: 'least' | 'most',
  bound: number | bigint,
  isIncluded: boolean | undefined,
): Wording {
  const limit = String(bound);
  if (origin === 'string') {
    return (l10n) =>
      end === 'least'
        ? l10n.t('must have a length of at least {0}', limit)
        : l10n.t('must have a length of at most {0}', limit);
  }
  if (end === 'most') return (l10n) => l10n.t('must be at most {0}', limit);
  return (l10n) =>
    isIncluded === true ? l10n.t('must be at least {0}', limit) : l10n.t('must be greater than {0}', limit);
}
