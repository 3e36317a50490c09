import type { Target } from '../../guard/call.ts';

/** Reads 'provider/model', where the model id may contain slashes. Undefined for other text. */
export function parseTarget(text: string): Target | undefined {
  const slash = text.indexOf('/');
  if (slash <= 0 || slash === text.length - 1) return undefined;
  return { provider: text.slice(0, slash), model: text.slice(slash + 1) };
}

/** The text that `parseTarget` reads. */
export function nameOf(target: Target): string {
  return `${target.provider}/${target.model}`;
}
