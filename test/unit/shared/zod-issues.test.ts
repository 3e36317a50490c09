import assert from 'node:assert/strict';
import { parseProvider } from '../../../src/providers/config/provider-config.ts';
import { english, type L10n } from '../../../src/shared/l10n.ts';

/** What is wrong with the entry of a provider that else is whole. */
function problemsOf(changes: object, l10n: L10n, id = 'acme'): string[] {
  const parsed = parseProvider(id, { kind: 'openai', ...changes });
  return 'problems' in parsed ? parsed.problems.map((problem) => problem(l10n)) : [];
}

const cases: readonly [what: string, changes: object, words: string][] = [
  ['a text', { baseUrl: 7 }, 'baseUrl: expected a text'],
  ['a number', { timeouts: { read: '30' } }, 'timeouts.read: expected a number'],
  ['a whole number', { retry: { retries: 1.5 } }, 'retry.retries: expected a whole number'],
  ['true or false', { enabled: 'yes' }, 'enabled: expected true or false'],
  ['a list', { models: { list: 'm' } }, 'models.list: expected a list'],
  ['an object', { models: [] }, 'models: expected an object'],
  ['one of several', { unknownPrice: 'ask' }, 'unknownPrice: expected one of refuse, allow'],
  ['no less than its least', { retry: { retries: -1 } }, 'retry.retries: expected at least 0'],
  ['more than its bound', { timeouts: { read: 0 } }, 'timeouts.read: expected more than 0'],
  ['no more than its most', { timeouts: { read: 1e9 } }, 'timeouts.read: expected at most 86400'],
  ['some characters', { models: { list: [''] } }, 'models.list.0: expected at least 1 characters'],
  [
    'not too many characters',
    { models: { list: ['m'.repeat(201)] } },
    'models.list.0: expected at most 200 characters',
  ],
  ['a name that is known', { timeouts: { raed: 3 } }, 'timeouts: nothing is called raed here'],
  [
    'what it can read',
    { headers: { 'x-team': { vault: '../x' } } },
    'headers.x-team.vault: this cannot be read',
  ],
  [
    'a URL',
    { baseUrl: 'nonsense' },
    'baseUrl: this is not a URL; expected something like https://api.example.com/v1',
  ],
  ['a URL of the web', { baseUrl: 'ftp://example.com' }, 'baseUrl: it must begin with https:// or http://'],
];

/** A language of capitals, in which every text of the code is seen. */
const capitals: L10n = {
  t: (message, ...values) => english.t(message.toUpperCase(), ...values),
};

describe('what is wrong with an entry of the settings', () => {
  for (const [what, changes, words] of cases) {
    it(`is said where it should have ${what}, in the language of the person`, () => {
      assert.deepEqual(problemsOf(changes, english), [`acme.${words}`]);
      const [place, ...rest] = problemsOf(changes, capitals).join().split(': ');
      assert.equal(`acme.${words}`.split(': ', 1)[0], place);
      // Of what is not the code's own, names and values stay as they are.
      const own = rest.join(': ').replaceAll(/raed|refuse, allow|https:\/\/api.example.com\/v1/g, '');
      assert.equal(own, own.toUpperCase());
    });
  }

  it('is all said at once', () => {
    const problems = problemsOf({ enabled: 1, timeouts: { read: -1, connect: 'x' } }, english, 'No Id');
    assert.deepEqual(
      problems.map((problem) => problem.split(':', 1)[0]),
      ['No Id', 'No Id.enabled', 'No Id.timeouts.connect', 'No Id.timeouts.read'],
    );
  });
});
