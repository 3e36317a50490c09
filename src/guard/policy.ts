import { canonicalModel, canonicalPattern } from './model-name.ts';

/** Which models of a provider are allowed. A pattern is a model id in which `*` stands for any characters. */
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
  | { readonly rule: 'workspace' };

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
  const matches = (pattern: string) => matchesGlob(canonicalPattern(pattern), canonical);
  const denied = policy.deny.find(matches);
  if (denied !== undefined) return { rule: 'deny', pattern: denied };
  if (!policy.allow.some(matches)) {
    if (policy.allow.length > 0) return { rule: 'notAllowed' };
    if (policy.default === 'deny') return { rule: 'default' };
  }
  return workspaces.every((list) => list.some(matches)) ? undefined : { rule: 'workspace' };
}

/**
 * Whether `text` matches `pattern`, case-sensitively. Takes linear time in the text for each `*`, because a pattern
 * comes from settings and must not block the extension host as a regular expression could.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop();
  if (tail === undefined) return pattern === text;
  if (!text.startsWith(head)) return false;
  let at = head.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - tail.length >= at && text.endsWith(tail);
}
