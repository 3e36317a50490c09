// Apart from the code that reads requests: the settings use it when the extension starts.

const modelName = /models?(?:name|id|list|alias|group)?$/;

/** A switch of OpenRouter, which names no model. */
const fallbackSwitch = 'allowfallbacks';

/** Whether a field with this name may name another model, for some gateway. `plain` is its plain name. */
export function mayNameModel(plain: string): boolean {
  return modelName.test(plain) || (plain.includes('fallback') && plain !== fallbackSwitch);
}
