import assert from 'node:assert/strict';
import { createMessagesSdkEvents } from '../../../../src/providers/dialects/anthropic-messages/sdk-events.ts';

describe('createMessagesSdkEvents', () => {
  for (const [what, id, index, expected] of [
    ['a number as its id', 7, 0, '7'],
    ['no id', undefined, 2, 'toolu_2'],
    ['null as its id', null, 2, 'toolu_2'],
    ['neither id nor index', undefined, undefined, 'toolu_0'],
    ['an id and an index that cannot become a text', { toString: 1 }, { toString: 1 }, 'toolu_0'],
  ] as const) {
    it(`gives a tool call with ${what} an id`, () => {
      const block = { type: 'tool_use', name: 'read', ...(id === undefined ? {} : { id }), input: {} };
      const event = {
        type: 'content_block_start',
        ...(index === undefined ? {} : { index }),
        content_block: block,
      };
      const [start] = createMessagesSdkEvents()(event);
      assert.equal((start?.['content_block'] as { id?: unknown } | undefined)?.id, expected);
    });
  }
});
