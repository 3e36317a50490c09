import assert from 'node:assert/strict';
import { expandTarget, matchingPattern } from '../../../../src/providers/rules/pattern-routes.ts';
import { parseDefaultModel, parseRoutes, resolveModel } from '../../../../src/providers/rules/routes.ts';
import { inEnglish } from '../../../support/languages.ts';

describe('parseRoutes and resolveModel', () => {
  const { routes, problems } = parseRoutes({
    cheap: ['acme/small', 'other/vendor/big'],
    'two words': ['acme/small'],
    empty: [],
    nameless: ['acme'],
  });

  it('reads lists of targets in order, with slashes in model ids', () => {
    assert.deepEqual(resolveModel('cheap', routes), {
      route: 'cheap',
      targets: [
        { provider: 'acme', model: 'small' },
        { provider: 'other', model: 'vendor/big' },
      ],
    });
  });

  it('leaves out broken routes and names them', () => {
    assert.deepEqual([...routes.keys()], ['cheap']);
    assert.deepEqual(
      inEnglish(problems).map((problem) => problem.split(':')[0]),
      ['callguard.routes.two words', 'callguard.routes.empty', 'callguard.routes.nameless'],
    );
    assert.equal(parseRoutes([]).problems.length, 1);
  });

  it('resolves provider/model, and returns undefined for another name', () => {
    assert.deepEqual(resolveModel('acme/x', routes), { targets: [{ provider: 'acme', model: 'x' }] });
    assert.equal(resolveModel('dear', routes), undefined);
  });

  it('accepts a route or a model as default model, and reports another value', () => {
    for (const name of ['cheap', 'acme/x'])
      assert.deepEqual(parseDefaultModel(name, routes), { name, problems: [] });
    for (const none of [undefined, null, ''])
      assert.deepEqual(parseDefaultModel(none, routes), { name: undefined, problems: [] });
    for (const wrong of ['dear', 7, ['cheap']]) {
      const { name, problems: found } = parseDefaultModel(wrong, routes);
      assert.equal(name, undefined);
      assert.match(inEnglish(found).join(), /^callguard\.defaultModel: /);
    }
  });
});

describe('pattern routes', () => {
  const parse = (setting: object) => {
    const { problems, ...parsed } = parseRoutes(setting);
    return { ...parsed, problems: inEnglish(problems) };
  };
  const matching = (name: string, setting: object) => matchingPattern(name, parse(setting).patterns)?.pattern;

  it('are kept apart from the routes with a whole name', () => {
    const { routes, patterns, problems } = parse({ best: ['acme/big'], 'claude-*': ['claude/*'] });
    assert.deepEqual([...routes.keys()], ['best']);
    assert.deepEqual(patterns, [
      { pattern: 'claude-*', literal: 'claude-', targets: [{ provider: 'claude', model: '*' }] },
    ]);
    assert.deepEqual(problems, []);
  });

  it('match bare names in any spelling, and the longest literal wins', () => {
    const setting = { 'claude-*': ['a/*'], 'claude-sonnet*': ['b/*'], '*': ['c/*'] };
    assert.equal(matching('claude-sonnet-5', setting), 'claude-sonnet*');
    assert.equal(matching('Claude-Opus-5', setting), 'claude-*');
    assert.equal(matching('gpt-5', setting), '*');
    assert.equal(matching('claude/claude-opus-5', setting), undefined);
    assert.equal(matching('models/claude-opus-5', setting), undefined);
    assert.equal(matching('claude-%6fpus', setting), undefined);
    assert.equal(matching('gpt-5', { 'claude-*': ['a/*'] }), undefined);
  });

  it('put the whole name asked in the place of the star', () => {
    const star = { provider: 'router', model: 'anthropic/*' };
    const model = 'anthropic/claude-opus-5$&';
    assert.deepEqual(expandTarget(star, 'claude-opus-5$&'), { provider: 'router', model });
    const fixed = { provider: 'acme', model: 'big' };
    assert.equal(expandTarget(fixed, 'claude-opus-5'), fixed);
  });

  it('are left out with a problem if a star is in another place', () => {
    const places = [
      ['claude-*-5', ['a/*'], /may have one '\*', at its end/],
      ['*-sonnet', ['a/*'], /may have one '\*', at its end/],
      ['claude-**', ['a/*'], /may have one '\*', at its end/],
      ['-claude*', ['a/*'], /before its '\*'/],
      ['openai/*', ['a/*'], /before its '\*'/],
      ['claude-*', ['a/*-latest'], /a model may have one '\*', at its end/],
      ['claude-*', ['*/x'], /a model may have one '\*', at its end/],
      ['claude-*', ['a/**'], /a model may have one '\*', at its end/],
      ['best', ['a/*'], /only a route whose name ends with '\*'/],
    ] as const;
    for (const [name, targets, problem] of places) {
      const { routes, patterns, problems } = parse({ [name]: targets });
      assert.deepEqual([routes.size, patterns.length], [0, 0], name);
      assert.match(problems.join(), problem, name);
    }
  });

  it('are left out with a problem if another one matches the same names', () => {
    const { patterns, problems } = parse({ 'claude-*': ['a/*'], 'Claude-*': ['b/*'] });
    assert.deepEqual(
      patterns.map(({ pattern }) => pattern),
      ['claude-*'],
    );
    assert.match(problems.join(), /callguard\.routes\.Claude-\*: matches the same names as 'claude-\*'/);
  });

  it('are no default model', () => {
    const { routes } = parseRoutes({ 'claude-*': ['a/*'] });
    for (const name of ['claude-*', 'claude-x'])
      assert.equal(parseDefaultModel(name, routes).name, undefined);
  });
});
