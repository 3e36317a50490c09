import type { Call, CallToken, Target } from './call.ts';
import { canonicalModel, canonicalPattern, formsOf } from './model-name.ts';

/** Which models of a provider are allowed. A pattern is a model ID in which `*` stands for any characters. */
export interface ModelPolicy {
  /** If empty, all models that `deny` does not match are allowed. */
  readonly allow: readonly string[];
  /** Takes precedence over `allow`. */
  readonly deny: readonly string[];
  /** For a model that `deny` does not match, if `allow` is empty. */
  readonly default: 'allow' | 'deny';
}

/** The rule that denies a model. */
export type PolicyDenial =
  /** The name could be read as that of another model. */
  | { readonly rule: 'oddName' }
  | { readonly rule: 'deny'; readonly pattern: string }
  | { readonly rule: 'notAllowed' }
  | { readonly rule: 'default' }
  | { readonly rule: 'workspace' }
  /** `asked`: the name of a route that the client asked for. */
  | { readonly rule: 'token'; readonly asked?: string };

/**
 * Why `model` is denied, or undefined if it is allowed, in whatever spelling. Each list of `workspaces` can only take
 * models away.
 */
export function checkPolicy(
  model: string,
  policy: ModelPolicy,
  workspaces: readonly (readonly string[])[] = [],
): PolicyDenial | undefined {
  const canonical = canonicalModel(model);
  if (canonical === undefined) return { rule: 'oddName' };
  const matches = (pieces: Pieces) => matchesPieces(pieces, canonical);
  const forms = formsOf(canonical);
  const isDenied = (pieces: Pieces) => forms.some((form) => matchesPieces(pieces, form));
  const denied = policy.deny[piecesOf(policy.deny).findIndex(isDenied)];
  if (denied !== undefined) return { rule: 'deny', pattern: denied };
  if (!piecesOf(policy.allow).some(matches)) {
    if (policy.allow.length > 0) return { rule: 'notAllowed' };
    if (policy.default === 'deny') return { rule: 'default' };
  }
  return workspaces.every((list) => piecesOf(list).some(matches)) ? undefined : { rule: 'workspace' };
}

/** The texts of a pattern between its stars. */
type Pieces = readonly string[];

const knownPieces = new WeakMap<readonly string[], readonly Pieces[]>();

/** Each list of the settings is compared with many models, and never changes. */
function piecesOf(patterns: readonly string[]): readonly Pieces[] {
  const known = knownPieces.get(patterns) ?? patterns.map((pattern) => canonicalPattern(pattern).split('*'));
  knownPieces.set(patterns, known);
  return known;
}

/**
 * Whether `text` matches `pattern`, case-sensitively. Takes linear time in the text for each `*`, because a pattern
 * comes from settings and must not block the extension host as a regular expression could.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  return matchesPieces(pattern.split('*'), text);
}

function matchesPieces(pieces: Pieces, text: string): boolean {
  const [head = ''] = pieces;
  if (pieces.length === 1) return head === text;
  if (!text.startsWith(head)) return false;
  const tail = pieces.at(-1) ?? '';
  let at = head.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - tail.length >= at && text.endsWith(tail);
}

/**
 * Why the token of a call does not allow a target, or the name by which the client asked for it: a route may have any
 * name, and a token for one route must not reach its models by another one.
 */
export function checkToken(
  { token, route, asked }: Pick<Call, 'token' | 'route' | 'asked'>,
  target: Target,
): PolicyDenial | undefined {
  if (token === undefined || token.models.length === 0) return undefined;
  if (route !== undefined && asked !== undefined && !allows(token, asked)) return { rule: 'token', asked };
  const isAllowed = allows(token, target.model) || allows(token, `${target.provider}/${target.model}`);
  return isAllowed ? undefined : { rule: 'token' };
}

function allows({ models }: CallToken, name: string): boolean {
  return checkPolicy(name, { allow: models, deny: [], default: 'deny' }) === undefined;
}
