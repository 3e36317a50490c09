import type { Prompt } from '../../guard/call.ts';

/** What a dialect wraps around a message: role and separators. */
const tokensPerMessage = 4;
/** What the larger providers make of an image of ordinary size. */
const tokensPerFile = 1_200;

/**
 * The tokenizer merges byte pairs in a time that grows with the square of a word, so that 100 kB without a space
 * would take seconds. Texts are counted in pieces; each cut adds a token at most, so the count stays on the high side.
 */
const pieceChars = 1_000;

/** Counts the tokens of texts and prompts. */
export interface TokenCounter {
  ofText(text: string): number;
  ofPrompt(prompt: Pick<Prompt, 'prompt' | 'tools'>): number;
}

/**
 * The real tokenizer of OpenAI's current models (`o200k_base`), loaded at the first call. For models of others it is
 * an estimate: their tokenizers are closed or many. On English and code, by what is published, Claude's makes up to a
 * third more tokens of the same text, Gemini's, Llama's and Mistral's 5 to 20 % more or fewer; on other scripts it
 * can be further off. The ledger never counts with it: it takes what a provider reports.
 */
export async function loadTokenCounter(): Promise<TokenCounter> {
  const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
  // By default a text that spells a control token would be an error; for the count of a user's text it is text.
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
