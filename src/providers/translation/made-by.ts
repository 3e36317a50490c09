import type { SharedV4ProviderOptions } from '@ai-sdk/provider';

/** Under this name a part says which target made it. No package of the AI SDK reads it. */
const marker = 'callguardMadeBy';

/** The options of a part that a target, `provider/model`, made. Undefined: one that nobody knows. */
export function markedAs(
  target: string | undefined,
  options: SharedV4ProviderOptions = {},
): SharedV4ProviderOptions {
  return { ...options, [marker]: { target: target ?? '' } };
}

/** Whether a part is marked as made by another target than this one. A part without a mark is not. */
export function isForeign(options: SharedV4ProviderOptions | undefined, target: string): boolean {
  const mark = options?.[marker];
  return mark !== undefined && mark['target'] !== target;
}
