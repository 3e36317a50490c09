import { isObject } from '../../../shared/json.ts';
import type { JsonEvent } from '../dialect.ts';

/**
 * The SDK gives up on an event with one odd field, and ratings and grounding come in many forms. So an event is written
 * again with what Callguard uses of it.
 */
export function googleEventForSdk(event: JsonEvent): readonly JsonEvent[] {
  const { candidates, usageMetadata: usage, promptFeedback: feedback } = event;
  const known = {
    ...(Array.isArray(candidates) ? { candidates: candidates.filter(isObject).map(readableCandidate) } : {}),
    ...(isObject(feedback) && typeof feedback['blockReason'] === 'string'
      ? { promptFeedback: { blockReason: feedback['blockReason'] } }
      : {}),
    ...(isObject(usage) ? { usageMetadata: countsIn(usage) } : {}),
  };
  return Object.keys(known).length === 0 ? [] : [known];
}

function readableCandidate({ content, finishReason: reason }: JsonEvent): JsonEvent {
  const parts: unknown = isObject(content) ? content['parts'] : undefined;
  return {
    ...(Array.isArray(parts) ? { content: { parts: parts.filter(isReadablePart) } } : {}),
    ...(typeof reason === 'string' ? { finishReason: reason } : {}),
  };
}

function isReadablePart(part: unknown): boolean {
  if (!isObject(part)) return false;
  const { text, thought, thoughtSignature: signature } = part;
  return (
    (text === undefined || text === null || typeof text === 'string') &&
    (thought === undefined || thought === null || typeof thought === 'boolean') &&
    (signature === undefined || signature === null || typeof signature === 'string')
  );
}

function countsIn(usage: JsonEvent): JsonEvent {
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => typeof value === 'number'));
}
