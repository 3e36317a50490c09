import type { Target } from '../../guard/call.ts';

/** Reads 'provider/model'; a model id may have slashes of its own. Undefined when it is not of that form. */
export function parseTarget(text: string): Target | undefined {
  const slash = text.indexOf('/');
  if (slash <= 0 || slash === text.length - 1) return undefined;
  return { provider: text.slice(0, slash), model: text.slice(slash + 1) };
}

/** 'provider/model', as `parseTarget` reads it. */
export function nameOf(target: Target): string {
  return `${target.provider}/${target.model}`;
}
