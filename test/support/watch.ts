import assert from 'node:assert/strict';
import { watchFor } from '../../src/providers/stream/answer-form.ts';
import type { AnswerWatch, WatchOptions } from '../../src/providers/stream/answer-watch.ts';

/** A watch of a stream for our own prompts, or another. */
export function watchOf(contentType?: string, over: Partial<WatchOptions> = {}): AnswerWatch {
  const options = { dialect: 'openai-chat', sanitize: (text: string) => text, wants: 'stream' } as const;
  const watch = watchFor(contentType, { ...options, ...over });
  assert.ok(!('kind' in watch), 'it is judged by its type');
  return watch;
}
