import type { ModelTraits } from '../config/model-details.ts';
import { soundsLikeNoChat } from './other-models.ts';

interface Family extends ModelTraits {
  readonly name: RegExp;
}

/**
 * What the makers' own pages say about the families of their models (2026-11). The first one that matches counts. A model
 * that is in none is not known to call tools or to read images.
 */
const families: readonly Family[] = [
  { name: /gpt-3\.5-turbo/, tools: true, images: false },
  { name: /gpt-oss/, tools: true, images: false, reasoning: true },
  { name: /(?:^|[/.])(?:o1-mini|o1-preview)/, tools: false, images: false, reasoning: true },
  { name: /(?:^|[/.])o3-mini/, tools: true, images: false, reasoning: true },
  { name: /(?:^|[/.])o[134](?:-|$)/, tools: true, images: true, reasoning: true },
  { name: /chatgpt-4o/, tools: false, images: true },
  { name: /gpt-4(?:o|\.1|\.5|-turbo|-vision)/, tools: true, images: true },
  { name: /gpt-4(?:-|$)/, tools: true, images: false },
  { name: /gpt-[5-9].*chat/, tools: true, images: true },
  { name: /gpt-[5-9]/, tools: true, images: true, reasoning: true },
  { name: /claude-(?:2|instant)/, tools: false, images: false },
  { name: /claude-(?:3-|3\.5|haiku-3|sonnet-3)/, tools: true, images: true },
  { name: /claude/, tools: true, images: true, reasoning: true },
  { name: /gemini-(?:1|2\.0)/, tools: true, images: true },
  { name: /gemini/, tools: true, images: true, reasoning: true },
  { name: /gemma-?(?:3n|[4-9])/, tools: true, images: true },
  { name: /gemma-?3(?:[:-]|$)/, tools: false, images: true },
  { name: /deepseek.*(?:r1-distill|coder)/, tools: false, images: false },
  { name: /deepseek.*(?:r1|reasoner|v[4-9])/, tools: true, images: false, reasoning: true },
  { name: /deepseek/, tools: true, images: false },
  { name: /kimi-(?:k2\.[5-9]|k[3-9]|latest)/, tools: true, images: true, reasoning: true },
  { name: /kimi.*thinking/, tools: true, images: false, reasoning: true },
  { name: /kimi|moonshot-v1-(?:\d|auto)/, tools: true, images: false },
  { name: /glm-[4-9](?:\.\d)?v/, tools: true, images: true, reasoning: true },
  { name: /glm-(?:4\.[5-9]|[5-9])/, tools: true, images: false, reasoning: true },
  { name: /minimax-?m/, tools: true, images: false, reasoning: true },
  { name: /qwen.*vl|qwen-?3\.[5-9]|qvq/, tools: true, images: true },
  { name: /qwq|qwen-?3(?![\d.]*-coder)/, tools: true, images: false, reasoning: true },
  { name: /qwen-?(?:[23]|max|plus|turbo|flash|coder)/, tools: true, images: false },
  { name: /grok-(?:2-vision|[4-9])/, tools: true, images: true, reasoning: true },
  { name: /grok-3-mini/, tools: true, images: false, reasoning: true },
  { name: /grok/, tools: true, images: false },
  {
    name: /pixtral|mistral-(?:medium|small)-?(?:3|25|26|latest)|mistral-large-(?:3|25|26|latest)|ministral-3/,
    tools: true,
    images: true,
  },
  { name: /magistral/, tools: true, images: true, reasoning: true },
  { name: /codestral|devstral|mistral|ministral|mixtral/, tools: true, images: false },
  { name: /llama-?4|llama-?3\.2.*vision/, tools: true, images: true },
  { name: /llama-?3\.[1-9]/, tools: true, images: false },
  { name: /command-(?:r|a)/, tools: true, images: false },
  { name: /nova-(?:lite|pro|premier|2)/, tools: true, images: true },
  { name: /(?:^|\/)sonar/, tools: false, images: true },
];

/** What a model's name says about it. */
export function traitsByName(model: string): ModelTraits {
  if (soundsLikeNoChat(model)) return { chats: false, tools: false };
  const name = model.toLowerCase();
  const { name: _pattern, ...traits } = families.find((family) => family.name.test(name)) ?? { name: /$/ };
  return traits;
}
