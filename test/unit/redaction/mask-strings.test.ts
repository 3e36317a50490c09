import assert from 'node:assert/strict';
import { maskStrings } from '../../../src/redaction/mask-strings.ts';

describe('maskStrings', () => {
  const key = 'sk-proj-0123456789abcdefghijklmnopqrstuvwxyzABCD';

  it('blanks a key in any text of a document, and nothing else', () => {
    const document = (text: string) => ({
      name: text,
      list: [1, null, true, { url: `https://x.test/${text}/v1` }],
      'api-version': '2025-04-01',
      apiKey: 'must not be in the settings',
    });
    assert.deepEqual(maskStrings(document(key)), document('sk-proj-***'));
    assert.deepEqual(maskStrings(document('acme')), document('acme'));
  });
});
