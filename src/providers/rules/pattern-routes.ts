import { canonicalModel, canonicalPattern, isSameModel } from '../../guard/model-name.ts';
import { checkPolicy } from '../../guard/policy.ts';
import type { Call, Target } from '../../guard/call.ts';
import type { Wording } from '../../shared/l10n.ts';
import type { ProviderConfig } from '../config/provider-config.ts';

/** A route for all bare names that begin with a literal: `"claude-*": ["claude/*"]`. */
export interface PatternRoute {
  /** As the settings write it, with the `*` at its end. */
  readonly pattern: string;
  /** The name's beginning, in its canonical form. */
  readonly literal: string;
  /** A model that ends with `*` has the whole name asked in the place of the `*`. */
  readonly targets: Call['targets'];
}

const patternShape = /^(?:[A-Za-z0-9][A-Za-z0-9._:@-]{0,61})?\*$/;

/** What is wrong with a route's name that contains a `*`. */
export function patternProblem(name: string): Wording | undefined {
  if (patternShape.test(name)) return undefined;
  return (l10n) =>
    name.indexOf('*') < name.length - 1
      ? l10n.t("a route name may have one '*', at its end")
      : l10n.t(
          "before its '*', a route name may have up to 62 letters, digits, '.', '_', ':', '@' or '-', and must begin with a letter or digit",
        );
}

/** What is wrong with the `*` in a target. Undefined also for a target without one. */
export function starProblem({ provider, model }: Target, isPattern: boolean): Wording | undefined {
  if (!provider.includes('*') && !model.includes('*')) return undefined;
  if (!isPattern)
    return (l10n) => l10n.t("only a route whose name ends with '*' can have a model that ends with '*'");
  const isAtEnd = !provider.includes('*') && model.indexOf('*') === model.length - 1;
  return isAtEnd ? undefined : (l10n) => l10n.t("a model may have one '*', at its end");
}

export function literalOf(pattern: string): string {
  return canonicalPattern(pattern.slice(0, -1));
}

/** The pattern with the longest literal that a bare name begins with. Undefined for a name with a slash. */
export function matchingPattern(name: string, patterns: readonly PatternRoute[]): PatternRoute | undefined {
  const canonical = canonicalModel(name);
  if (canonical === undefined || canonical.includes('/') || name.includes('/')) return undefined;
  let longest: PatternRoute | undefined;
  for (const each of patterns) {
    const isLonger = longest === undefined || each.literal.length > longest.literal.length;
    if (isLonger && canonical.startsWith(each.literal)) longest = each;
  }
  return longest;
}

/** A target of a pattern for the name that a client asked for. The same object if it is the same for every name. */
export function expandTarget(target: Target, name: string): Target {
  const { provider, model } = target;
  return model.endsWith('*') ? { provider, model: model.slice(0, -1) + name } : target;
}

/**
 * Whether the guard may judge a model that came out of a pattern: the provider lists it, or its policy denies what it
 * does not name. A client could otherwise call any model of the provider by its bare name.
 */
export function mayComeFromPattern(model: string, { models, policy }: ProviderConfig): boolean {
  if (models.some((each) => isSameModel(each, model))) return true;
  return policy.default === 'deny' || checkPolicy(model, policy) !== undefined;
}

/** The targets of patterns that are the same for every name, by pattern. */
export function fixedTargets(patterns: readonly PatternRoute[]): [string, Target[]][] {
  return patterns.map(({ pattern, targets }) => [
    pattern,
    targets.filter(({ model }) => !model.endsWith('*')),
  ]);
}
