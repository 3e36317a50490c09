import type { Prompt } from '../../guard/call.ts';
import { sliceLimits } from '../../shared/limits.ts';

/** The tokens that a dialect adds to a message: role and separators. */
const tokensPerMessage = 4;
/** What the larger providers count for an image of ordinary size. */
const tokensPerFile = 1_200;

/**
 * The time of the tokenizer grows with the square of a word's length, so 100 kB without a space would take seconds.
 * Therefore texts are counted in pieces. Each cut adds at most one token, so the count is slightly too high.
 */
const pieceChars = sliceLimits.tokenizedChars;

/** Counts the tokens of texts and prompts. */
export interface TokenCounter {
  ofText(text: string): number;
  ofPrompt(prompt: Pick<Prompt, 'prompt' | 'tools'>): number;
}

/**
 * The real tokenizer of OpenAI's current models (`o200k_base`), loaded at the first call. For other models the count is
 * an estimate, because their tokenizers are closed or numerous. For English and code, published figures say that
 * Claude's makes up to a third more tokens of the same text, and Gemini's, Llama's and Mistral's 5 to 20 % more or
 * fewer. For other scripts the estimate can be further off. The ledger does not use it: it counts what providers
 * report.
 */
export async function loadTokenCounter(): Promise<TokenCounter> {
  const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
  // By default a text that spells a control token is an error; in a user's prompt it is ordinary text.
  const options = { disallowedSpecial: new Set<string>() };
  const ofText = (text: string) => {
    let tokens = 0;
    for (let at = 0; at < text.length; at += pieceChars) {
      tokens += countTokens(text.slice(at, at + pieceChars), options);
    }
    return tokens;
  };
  return { ofText, ofPrompt: (prompt) => countPrompt(prompt, ofText) };
}

function countPrompt(
  { prompt, tools }: Pick<Prompt, 'prompt' | 'tools'>,
  ofText: TokenCounter['ofText'],
): number {
  let tokens = tools === undefined ? 0 : ofText(JSON.stringify(tools));
  for (const message of prompt) {
    tokens += tokensPerMessage;
    if (message.role === 'system') tokens += ofText(message.content);
    else {
      for (const part of message.content) {
        if (part.type === 'text' || part.type === 'reasoning') tokens += ofText(part.text);
        else if (part.type === 'file' || part.type === 'reasoning-file') tokens += tokensPerFile;
        else tokens += ofText(JSON.stringify(part));
      }
    }
  }
  return tokens;
}
