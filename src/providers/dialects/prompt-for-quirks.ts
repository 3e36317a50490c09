import type { LanguageModelV4Message } from '@ai-sdk/provider';
import type { Prompt } from '../../guard/call.ts';
import type { Quirks } from './quirks.ts';

/** The prompt as a server with these quirks takes it. */
export function promptFor(prompt: Prompt, { systemRole, temperature }: Quirks): Prompt {
  const { temperature: _temperature, topP: _topP, ...rest } = prompt;
  const chosen = temperature ? prompt : rest;
  return systemRole ? chosen : { ...chosen, prompt: withoutSystemRole(chosen.prompt) };
}

/** Each system message becomes the first text of the next user message, or a user message of its own. */
function withoutSystemRole(messages: Prompt['prompt']): Prompt['prompt'] {
  const moved: LanguageModelV4Message[] = [];
  let waiting: { readonly type: 'text'; readonly text: string }[] = [];
  const flush = () => {
    if (waiting.length > 0) moved.push({ role: 'user', content: waiting });
    waiting = [];
  };
  for (const message of messages) {
    if (message.role === 'system') waiting.push({ type: 'text', text: message.content });
    else if (message.role === 'user') {
      moved.push({ ...message, content: [...waiting, ...message.content] });
      waiting = [];
    } else {
      flush();
      moved.push(message);
    }
  }
  flush();
  return moved;
}
