import assert from 'node:assert/strict';
import { parseRequest } from '../../../src/gateway/passthrough-request.ts';

/** Far below what a client may send, and yet minutes for whoever compares each field with each. */
const manyFields = 250_000;

describe('the body of a request', () => {
  const read = (fields: string) =>
    parseRequest('openai', Buffer.from(`{"model":"m","messages":[],${fields}}`), {});
  const fields = () => Array.from({ length: manyFields }, (_, at) => `"f${at}":1`).join(',');

  it('may have very many fields', () => {
    const parsed = read(fields());
    assert.ok(parsed.ok && parsed.value.model === 'm');
  });

  it('may have none of them twice, however it is written', () => {
    const parsed = read(`${fields()},"\\u00660":2`);
    assert.ok(!parsed.ok && parsed.error.code === 'duplicate_field');
  });
});
