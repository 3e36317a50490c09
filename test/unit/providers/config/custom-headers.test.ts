import assert from 'node:assert/strict';
import { parseProvider } from '../../../../src/providers/config/provider-config.ts';
import { english } from '../../../../src/shared/l10n.ts';

const parse = (members: object) =>
  parseProvider('acme', { kind: 'openai-compatible', baseUrl: 'https://example.com/v1', ...members });
const problemsOf = (members: object) => {
  const parsed = parse(members);
  return 'problems' in parsed ? parsed.problems.map((problem) => problem(english)).join('\n') : '';
};

describe('parseProvider: headers and query', () => {
  it('keeps headers, with their names in lower case, and query parameters', () => {
    const parsed = parse({
      headers: { 'X-Team': 'blue', 'cf-aig-authorization': { vault: 'gateway' } },
      query: { 'api-version': '2025-04-01-preview' },
    });
    assert.ok(!('problems' in parsed));
    assert.deepEqual(
      { headers: parsed.headers, query: parsed.query },
      {
        headers: { 'x-team': 'blue', 'cf-aig-authorization': { vault: 'gateway' } },
        query: { 'api-version': '2025-04-01-preview' },
      },
    );
  });

  for (const name of [
    'Host',
    'content-length',
    'Cookie',
    'Transfer-Encoding',
    'proxy-connection',
    'Sec-Fetch-Site',
  ]) {
    it(`refuses the header ${name}`, () => {
      assert.match(problemsOf({ headers: { [name]: 'x' } }), /^acme\.headers\..*cannot be set/);
    });
  }

  for (const name of ['Authorization', 'x-api-key', 'api-key', 'X-Goog-Api-Key']) {
    it(`refuses the header ${name}, which carries the key`, () => {
      assert.match(problemsOf({ headers: { [name]: { vault: 'mine' } } }), /is reserved for the key/);
    });
  }

  for (const [what, headers, problem] of [
    ['a line break in a value', { 'x-team': 'blue\r\nhost: evil' }, /line break/],
    ['a line break in a name', { 'x-team\r\nhost': 'evil' }, /is not a valid header name/],
    ['a space in a name', { 'x team': 'blue' }, /is not a valid header name/],
    ['an empty name', { '': 'blue' }, /is not a valid header name/],
    ['one name twice', { 'X-Team': 'blue', 'x-team': 'red' }, /twice/],
    ['a key in a value', { 'x-gateway': `sk-proj-${'a1B2'.repeat(12)}` }, /use a vault entry/],
    ['a vault entry with a strange name', { 'x-gateway': { vault: '../openai' } }, /headers/],
  ] as const) {
    it(`refuses ${what} without repeating the value`, () => {
      assert.match(problemsOf({ headers }), problem);
      assert.doesNotMatch(problemsOf({ headers }), /a1B2|evil"?: /);
    });
  }

  it('refuses a key in a query parameter', () => {
    assert.match(
      problemsOf({ query: { token: `gsk_${'a1B2'.repeat(12)}` } }),
      /query\.token: looks like a key/,
    );
  });
});
