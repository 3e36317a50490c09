import * as z from 'zod';
import type { Target } from '../guard/call.ts';
import { parseTarget } from './target.ts';

export type Targets = readonly [Target, ...Target[]];

/** Routes by name: lists of provider/model, tried in order. */
export type Routes = ReadonlyMap<string, Targets>;

/** What a model's name stands for: one target, or a route's. */
export interface ResolvedModel {
  readonly targets: Targets;
  readonly route?: string;
}

const routesSchema = z.record(z.string(), z.unknown());
const listSchema = z.array(z.string()).min(1);
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** Reads `callguard.routes`. A broken route is left out and named, with what is wrong. */
export function parseRoutes(setting: unknown): { routes: Routes; problems: string[] } {
  const parsed = routesSchema.safeParse(setting ?? {});
  if (!parsed.success)
    return { routes: new Map(), problems: ['callguard.routes: expected an object of routes by name'] };
  const routes = new Map<string, Targets>();
  const problems: string[] = [];
  for (const [name, list] of Object.entries(parsed.data)) {
    const targets = parseRoute(name, list);
    if (typeof targets === 'string') problems.push(`callguard.routes.${name}: ${targets}`);
    else routes.set(name, targets);
  }
  return { routes, problems };
}

function parseRoute(name: string, list: unknown): Targets | string {
  if (!namePattern.test(name)) return "a route's name is 1 to 63 letters, digits, '.', '_', '-'";
  const models = listSchema.safeParse(list);
  if (!models.success) return "expected a list of at least one 'provider/model'";
  const targets: Target[] = [];
  for (const model of models.data) {
    const target = parseTarget(model);
    if (target === undefined) return `expected 'provider/model', got '${model}'`;
    targets.push(target);
  }
  const [first, ...others] = targets;
  return first === undefined ? 'expected at least one target' : [first, ...others];
}

/** A route's name has no slash, and 'provider/model' has one. Undefined for what is neither. */
export function resolveModel(name: string, routes: Routes): ResolvedModel | undefined {
  const route = routes.get(name);
  if (route !== undefined) return { targets: route, route: name };
  const target = parseTarget(name);
  return target === undefined ? undefined : { targets: [target] };
}
