import {
  InvalidResponseDataError,
  UnsupportedFunctionalityError,
  type SharedV4Warning,
} from '@ai-sdk/provider';
import type { Part } from '../../guard/call.ts';
import type { SentPart } from '../../guard/sender-port.ts';
import type { FitTarget } from '../translation/fitting.ts';
import { lossOf, type Loss } from '../translation/losses.ts';
import type { ModelRequest, RequestBody } from './dialect.ts';
import { dialects, type WireDialect } from './dialects.ts';
import { changingBodies, patched } from './request-body.ts';

// Loads the AI SDK, as the dialects' models do: import it when a prompt is sent, not when the extension starts.

/** A prompt and the target that it has to fit. */
export interface TranslatedRequest extends ModelRequest {
  readonly target: FitTarget;
}

export interface ReadEnd {
  /** The last part of the answer. It is held back until the wire confirms that the answer is complete. */
  readonly finish: (Part & { type: 'finish' }) | undefined;
  /** Why the request could not be made or the answer not be understood. Quotes neither of them. */
  readonly problem: string | undefined;
  /** What the request or the answer did not carry. */
  readonly losses: readonly Loss[];
}

/** Sends the prompt through the wire and yields the answer's parts. Never throws. */
export async function* readAnswer(
  dialect: WireDialect,
  request: TranslatedRequest,
): AsyncGenerator<SentPart, ReadEnd, void> {
  const { loadModel, loadFit, emptyParts, fitBody } = dialects[dialect];
  const losses = new Set<Loss>();
  let finish: ReadEnd['finish'];
  let problem: string | undefined;
  let hasContent = false;
  try {
    const createModel = await loadModel();
    const fit = await loadFit();
    const { prompt, losses: lost, toolNames } = fit(request.prompt, request.target);
    for (const loss of lost) losses.add(loss);
    const { body } = request;
    const changes = [
      body === undefined ? undefined : (whole: RequestBody) => patched(whole, body),
      fitBody?.(prompt),
    ].filter((change) => change !== undefined);
    const wire = changingBodies(request.wire, changes);
    const { stream } = await createModel({ ...request, prompt, wire }).doStream(prompt);
    for await (const read of stream) {
      const part = withOwnName(read, toolNames);
      if (part.type === 'stream-start') for (const loss of part.warnings.flatMap(lossesIn)) losses.add(loss);
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
  return { finish, problem, losses: [...losses] };
}

/** The names of tools as the prompt has them. */
function withOwnName(part: Part, names: ReadonlyMap<string, string>): Part {
  if (part.type !== 'tool-call' && part.type !== 'tool-input-start') return part;
  const toolName = names.get(part.toolName);
  return toolName === undefined ? part : { ...part, toolName };
}

/**
 * A warning of the SDK is a loss. Only the name of the feature is taken: the words may quote the prompt. A warning about
 * compatibility says that something was changed so that it works, and so does the one about calls that another model made:
 Google takes a mark in place of their signatures.
 */
function lossesIn(warning: SharedV4Warning): Loss[] {
  if (warning.type === 'unsupported') return [lossOf('modelOption', warning.feature)];
  if (warning.type !== 'other' || warning.message.includes('skip_thought_signature_validator')) return [];
  return [lossOf('unknownPart')];
}

/**
 * The SDK's errors contain the prompt (`requestBodyValues`) and pieces of the answer, also in their messages. So this
 * takes their names only, and the one message that contains neither.
 */
function wordsFor(error: unknown): string {
  if (UnsupportedFunctionalityError.isInstance(error)) return `${functionalityIn(error)} is not supported`;
  return error instanceof Error ? error.name : 'unknown error';
}

/** Quotes a media type only if it is one: a client may write anything there, or as the name of a tool. */
function functionalityIn({ functionality }: UnsupportedFunctionalityError): string {
  const [what = '', type] = functionality.split(/ media type:? /, 2);
  if (type === undefined) return /^[\w ,;:.'-]{1,100}$/.test(what) ? what : 'a part of the request';
  return mediaType.test(type) ? `${what} media type ${type}` : `${what} media type`;
}

/** The registered kinds (RFC 6838) with a name of ordinary length. */
const mediaType =
  /^(?:application|audio|font|image|message|model|multipart|text|video)\/(?:[a-z0-9.+-]{1,80}|\*)$/;

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
