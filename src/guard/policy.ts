import { canonicalModel, canonicalPattern } from './model-name.ts';

/** Which models of a provider may be asked. Patterns are model ids with `*` for any run of characters. */
export interface ModelPolicy {
  /** Empty allows all that `deny` does not name. */
  readonly allow: readonly string[];
  /** Wins over `allow`. */
  readonly deny: readonly string[];
  /** What happens, while `allow` is empty, to a model that `deny` does not name. */
  readonly default: 'allow' | 'deny';
}

/** The rule that said no. */
export type PolicyDenial =
  /** It could be read as that of another model. */
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
 * Whether `text` is what `pattern` describes, upper and lower case told apart. Linear in the text for each `*`:
 * a pattern comes from settings, and must not be able to stall the extension host as a regular expression could.
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
