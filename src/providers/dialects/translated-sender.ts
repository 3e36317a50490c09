import { InvalidResponseDataError, UnsupportedFunctionalityError } from '@ai-sdk/provider';
import type { Part } from '../../guard/call.ts';
import type { SentPart } from '../../guard/sender-port.ts';
import type { ModelRequest } from './dialect.ts';
import { dialects, type WireDialect } from './dialects.ts';

// Loads the AI SDK, as the dialects' models do: import it when a prompt is sent, not when the extension starts.

export interface ReadEnd {
  /** The last part of the answer. It is held back until the wire confirms that the answer is complete. */
  readonly finish: (Part & { type: 'finish' }) | undefined;
  /** Why the request could not be made or the answer not be understood. Quotes neither of them. */
  readonly problem: string | undefined;
}

/** Sends the prompt through the wire and yields the answer's parts. Never throws. */
export async function* readAnswer(
  dialect: WireDialect,
  request: ModelRequest,
): AsyncGenerator<SentPart, ReadEnd, void> {
  const { loadModel, emptyParts } = dialects[dialect];
  let finish: ReadEnd['finish'];
  let problem: string | undefined;
  let hasContent = false;
  try {
    const createModel = await loadModel();
    const { stream } = await createModel(request).doStream(request.prompt);
    for await (const part of stream) {
      if (part.type === 'finish') finish = part;
      else if (part.type === 'error') {
        // An answer with content and an end marker is good enough, even if it does not say why it stopped.
        if (!(hasContent && InvalidResponseDataError.isInstance(part.error)))
          problem ??= wordsFor(part.error);
      } else if (part.type !== 'raw') {
        const content = isContent(part, emptyParts);
        hasContent ||= content;
        yield { part, content };
      }
    }
  } catch (error) {
    problem ??= wordsFor(error);
  }
  if (finish?.finishReason.unified === 'error') {
    finish = { ...finish, finishReason: { ...finish.finishReason, unified: 'other' } };
  }
  return { finish, problem };
}

/**
 * The SDK's errors contain the prompt (`requestBodyValues`) and pieces of the answer, also in their messages. So this
 * takes their names only, and the one message that contains neither.
 */
function wordsFor(error: unknown): string {
  if (UnsupportedFunctionalityError.isInstance(error)) return `${error.functionality} is not supported`;
  return error instanceof Error ? error.name : 'unknown error';
}

/** Whether a part has content for the user. An empty delta and a part that only opens or closes a block have none. */
function isContent(part: Part, emptyParts: ReadonlySet<string> | undefined): boolean {
  switch (part.type) {
    case 'text-delta':
    case 'reasoning-delta':
    case 'tool-input-delta':
      return part.delta !== '';
    case 'tool-call':
    case 'tool-result':
    case 'tool-approval-request':
    case 'file':
    case 'reasoning-file':
    case 'source':
      return true;
    case 'custom':
      return emptyParts?.has(part.kind) !== true;
    default:
      return false;
  }
}
