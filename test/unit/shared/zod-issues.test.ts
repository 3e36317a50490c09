import assert from 'node:assert/strict';
import { parseProvider } from '../../../src/providers/config/provider-config.ts';
import { english, type L10n } from '../../../src/shared/l10n.ts';

/** The problems of a provider's entry that is otherwise valid. */
function problemsOf(changes: object, l10n: L10n, id = 'acme'): string[] {
  const parsed = parseProvider(id, { kind: 'openai', ...changes });
  return 'problems' in parsed ? parsed.problems.map((problem) => problem(l10n)) : [];
}

const cases: readonly [what: string, changes: object, words: string][] = [
  ['a text', { baseUrl: 7 }, 'baseUrl: must be a string'],
  ['a number', { timeouts: { read: '30' } }, 'timeouts.read: must be a number'],
  ['a whole number', { retry: { retries: 1.5 } }, 'retry.retries: must be an integer'],
  ['true or false', { enabled: 'yes' }, 'enabled: must be true or false'],
  ['a list', { models: { list: 'm' } }, 'models.list: must be a list'],
  ['an object', { models: [] }, 'models: must be an object'],
  ['one of several', { unknownPrice: 'ask' }, 'unknownPrice: must be one of refuse, allow'],
  ['no less than its least', { retry: { retries: -1 } }, 'retry.retries: must be at least 0'],
  ['more than its bound', { timeouts: { read: 0 } }, 'timeouts.read: must be greater than 0'],
  ['no more than its most', { timeouts: { read: 1e9 } }, 'timeouts.read: must be at most 86400'],
  ['some characters', { models: { list: [''] } }, 'models.list.0: must have a length of at least 1'],
  [
    'not too many characters',
    { models: { list: ['m'.repeat(201)] } },
    'models.list.0: must have a length of at most 200',
  ],
  ['a name that is known', { timeouts: { raed: 3 } }, 'timeouts: unknown property raed'],
  ['what it can read', { headers: { 'x-team': { vault: '../x' } } }, 'headers.x-team.vault: is not valid'],
  ['a URL', { baseUrl: 'nonsense' }, 'baseUrl: must be a URL, such as https://api.example.com/v1'],
  ['a URL of the web', { baseUrl: 'ftp://example.com' }, 'baseUrl: must begin with https:// or http://'],
];

/** A language in capitals, which shows every text of the code. */
const capitals: L10n = {
  t: (message, ...values) => english.t(message.toUpperCase(), ...values),
};

describe('the problems of a settings entry', () => {
  for (const [what, changes, words] of cases) {
    it(`are worded in the user's language where it should have ${what}`, () => {
      assert.deepEqual(problemsOf(changes, english), [`acme.${words}`]);
      const [place, ...rest] = problemsOf(changes, capitals).join().split(': ');
      assert.equal(`acme.${words}`.split(': ', 1)[0], place);
      // Names and values that are not texts of the code stay unchanged.
      const own = rest.join(': ').replaceAll(/raed|refuse, allow|https:\/\/api.example.com\/v1/g, '');
      assert.equal(own, own.toUpperCase());
    });
  }

  it('are all reported at once', () => {
    const problems = problemsOf({ enabled: 1, timeouts: { read: -1, connect: 'x' } }, english, 'No Id');
    assert.deepEqual(
      problems.map((problem) => problem.split(':', 1)[0]),
      ['No Id', 'No Id.enabled', 'No Id.timeouts.connect', 'No Id.timeouts.read'],
    );
  });
});
