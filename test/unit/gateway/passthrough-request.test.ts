import assert from 'node:assert/strict';
import { parseRequest } from '../../../src/gateway/passthrough-request.ts';

/** Far below what a client may send, and yet minutes for whoever compares each field with each. */
const manyFields = 250_000;

describe('parseRequest', () => {
  const read = (fields: string) =>
    parseRequest('openai', Buffer.from(`{"model":"m","messages":[],${fields}}`), {});
  const fields = () => Array.from({ length: manyFields }, (_, at) => `"f${at}":1`).join(',');

  it('reads a body with very many fields', () => {
    const parsed = read(fields());
    assert.ok(parsed.ok && parsed.value.model === 'm');
  });

  it('refuses a body that has a field twice, in whatever spelling', () => {
    const parsed = read(`${fields()},"\\u00660":2`);
    assert.ok(!parsed.ok && parsed.error.code === 'duplicate_field');
  });
});
