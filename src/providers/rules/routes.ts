import * as z from 'zod';
import type { Target } from '../../guard/call.ts';
import { isObject } from '../../shared/json.ts';
import { placed, type Wording } from '../../shared/l10n.ts';
import { settingsLimits } from '../../shared/limits/settings-limits.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { tooMany } from '../config/provider-config.ts';
import { parseTarget } from '../config/target-name.ts';
import { literalOf, patternProblem, starProblem, type PatternRoute } from './pattern-routes.ts';

export type Targets = readonly [Target, ...Target[]];

/** Routes by name: lists of provider/model that are tried in order. */
export type Routes = ReadonlyMap<string, Targets>;

/** The targets of a model's name: one target, or those of a route. */
export interface ResolvedModel {
  readonly targets: Targets;
  readonly route?: string;
}

const listSchema = z.array(z.string());
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

export interface ParsedRoutes {
  readonly routes: Routes;
  /** The routes whose name ends with `*`. They are in no list of models. */
  readonly patterns: readonly PatternRoute[];
  readonly problems: Wording[];
}

/** Reads `callguard.routes`. Leaves out a broken route and reports its problems. */
export function parseRoutes(setting: unknown): ParsedRoutes {
  const place = 'callguard.routes';
  const whole = setting ?? {};
  if (!isObject(whole)) {
    const problem = placed(place, (l10n) => l10n.t('must be an object with a list of models for each route'));
    return { routes: new Map(), patterns: [], problems: [problem] };
  }
  const routes = new Map<string, Targets>();
  const patterns: PatternRoute[] = [];
  const problems: Wording[] = [];
  const entries = Object.entries(whole);
  if (entries.length > settingsLimits.routes) problems.push(placed(place, tooMany(settingsLimits.routes)));
  for (const [name, list] of entries.slice(0, settingsLimits.routes)) {
    const targets = parseRoute(name, list);
    if (!targets.ok) problems.push(placed(`${place}.${name}`, targets.error));
    else if (!name.includes('*')) routes.set(name, targets.value);
    else {
      const literal = literalOf(name);
      const same = patterns.find((each) => each.literal === literal);
      if (same === undefined) patterns.push({ pattern: name, literal, targets: targets.value });
      else {
        const problem: Wording = (l10n) => l10n.t("matches the same names as '{0}'", same.pattern);
        problems.push(placed(`${place}.${name}`, problem));
      }
    }
  }
  return { routes, patterns, problems };
}

function parseRoute(name: string, list: unknown): Result<Targets, Wording> {
  const isPattern = name.includes('*');
  const wrongPattern = isPattern ? patternProblem(name) : undefined;
  if (wrongPattern !== undefined) return err(wrongPattern);
  if (!isPattern && !namePattern.test(name))
    return err((l10n) =>
      l10n.t(
        "a route name must have 1 to 63 letters, digits, '.', '_' or '-', and begin with a letter or digit",
      ),
    );
  const targets: Target[] = [];
  if (Array.isArray(list) && list.length > settingsLimits.targets)
    return err((l10n) => l10n.t('must list at most {0} models', settingsLimits.targets));
  for (const model of listSchema.safeParse(list).data ?? []) {
    const target = parseTarget(model);
    if (target === undefined)
      return err((l10n) => l10n.t("must list models as 'provider/model', not '{0}'", model));
    const wrongStar = starProblem(target, isPattern);
    if (wrongStar !== undefined) return err(wrongStar);
    targets.push(target);
  }
  const [first, ...others] = targets;
  if (first === undefined) return err((l10n) => l10n.t("must be a list of at least one 'provider/model'"));
  return ok([first, ...others]);
}

/** Reads `callguard.defaultModel`: the model or route that Ask uses. */
export function parseDefaultModel(
  setting: unknown,
  routes: Routes,
): { name: string | undefined; problems: Wording[] } {
  // VS Code returns null for an absent setting.
  if ((setting ?? '') === '') return { name: undefined, problems: [] };
  if (typeof setting === 'string' && resolveModel(setting, routes) !== undefined)
    return { name: setting, problems: [] };
  const problem = placed('callguard.defaultModel', (l10n) =>
    l10n.t("must be 'provider/model' or the name of a route, not {0}", JSON.stringify(setting)),
  );
  return { name: undefined, problems: [problem] };
}

/** Resolves a route's name, which has no slash, or 'provider/model'. Undefined for other text. */
export function resolveModel(name: string, routes: Routes): ResolvedModel | undefined {
  const route = routes.get(name);
  if (route !== undefined) return { targets: route, route: name };
  const target = parseTarget(name);
  return target === undefined ? undefined : { targets: [target] };
}
