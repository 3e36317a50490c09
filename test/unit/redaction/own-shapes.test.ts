import assert from 'node:assert/strict';
import { parseOwnShapes } from '../../../src/redaction/own-shapes.ts';
import { nothingOpen } from '../../../src/providers/rules/tenants.ts';
import { findSecrets } from '../../../src/redaction/prompt-scan.ts';
import { createRedactor } from '../../../src/redaction/redact.ts';
import { parseSettings, type Settings } from '../../../src/settings/settings.ts';
import { english } from '../../../src/shared/l10n.ts';
import { redactionLimits } from '../../../src/shared/limits.ts';
import { inEnglish, mute } from '../../support/languages.ts';

const acme = { name: 'Acme key', prefix: 'acme_live_', chars: 'alnum', min: 16, max: 24 };

function problemsOf(setting: unknown): string[] {
  return inEnglish(parseOwnShapes(setting).problems);
}

function redactorWith(...settings: readonly unknown[]) {
  const { shapes, problems } = parseOwnShapes(settings);
  assert.deepEqual(problems, []);
  const redactor = createRedactor();
  redactor.registered.useShapes(shapes);
  return redactor;
}

function settingsWith(values: Readonly<Record<string, unknown>>): Settings {
  return parseSettings({ user: (name) => values[name], layers: () => [], folders: nothingOpen });
}

describe('parseOwnShapes', () => {
  it('reads a list of shapes, and none if there is no setting', () => {
    for (const none of [undefined, null, []])
      assert.deepEqual(parseOwnShapes(none), { shapes: [], problems: [] });
    const { shapes, problems } = parseOwnShapes([acme, { ...acme, name: 'Acme test key', chars: 'hex' }]);
    assert.deepEqual(
      shapes.map(({ label }) => label(english)),
      ['Acme key', 'Acme test key'],
    );
    assert.deepEqual(problems, []);
  });

  for (const [change, problem] of [
    [{ prefix: 'ab' }, '0.prefix: must have a length of at least 3'],
    [{ prefix: 'x'.repeat(65) }, '0.prefix: must have a length of at most 64'],
    [{ prefix: 'a key ' }, '0.prefix: must have ASCII characters only, without spaces'],
    [{ prefix: 'schlüssel_' }, '0.prefix: must have ASCII characters only, without spaces'],
    [{ chars: 'any' }, '0.chars: must be one of alnum, base64url, hex'],
    [{ min: 7 }, '0.min: must be at least 8'],
    [{ min: 8.5 }, '0.min: must be an integer'],
    [{ min: 20, max: 19 }, '0.max: must be at least 20'],
    [{ max: 4_097 }, '0.max: must be at most 4096'],
    [{ max: undefined }, '0.max: must be a number'],
    [{ name: '' }, '0.name: must have a length of at least 1'],
    [{ pattern: '.*' }, '0: unknown property pattern'],
  ] as const) {
    it(`refuses ${JSON.stringify(change)} with its place, and reads the other shapes`, () => {
      const setting = [{ ...acme, ...change }, acme];
      assert.deepEqual(problemsOf(setting), [
        `callguard.redaction.shapes.${problem}; until you fix it, prompts with secrets are blocked`,
      ]);
      assert.equal(parseOwnShapes(setting).shapes.length, 1);
    });
  }

  it('refuses what is not a list, or a longer list than it can use', () => {
    for (const wrong of ['acme_', 7, {}])
      assert.match(problemsOf(wrong).join(), /callguard\.redaction\.shapes: must be a list of shapes/);
    const { shapes, problems } = parseOwnShapes(Array(redactionLimits.ownShapes + 1).fill(acme));
    assert.equal(shapes.length, redactionLimits.ownShapes);
    assert.match(inEnglish(problems).join(), /shapes\.100: must be one of at most 100 shapes/);
  });

  it('says what is wrong in the language of the user', () => {
    const { problems } = parseOwnShapes([{ ...acme, min: 7 }]);
    assert.deepEqual(
      problems.map((problem) => problem(mute)),
      ['callguard.redaction.shapes.0.min: 8'],
    );
  });
});

describe("a user's own shapes", () => {
  const key = `acme_live_${'x1Y2z3'.repeat(3)}`;

  it('are found in logs and prompts, and named as the user named them', () => {
    const redactor = redactorWith(acme);
    assert.equal(redactor.redact(`use ${key}, or acme_live_short`), 'use acme_live_***, or acme_live_short');
    const [found, ...others] = findSecrets(`use ${key}.`, redactor.registered);
    assert.deepEqual([found?.label(english), found?.length, others.length], ['Acme key', key.length, 0]);
  });

  it('are found at their bounds, and not beyond', () => {
    const redactor = redactorWith({ ...acme, chars: 'hex', min: 8, max: 10 });
    for (const [length, isFound] of [
      [7, false],
      [8, true],
      [10, true],
      [11, false],
    ] as const) {
      const text = `acme_live_${'0'.repeat(length)}`;
      assert.equal(redactor.redact(text) !== text, isFound, text);
      assert.equal(findSecrets(text, redactor.registered).length === 1, isFound, text);
    }
  });

  it('go before the kinds that are built in, and replace those that were set before', () => {
    const redactor = redactorWith({ ...acme, prefix: 'sk-proj-acme-' });
    const text = `sk-proj-acme-${'x1Y2z3'.repeat(4)}`;
    assert.deepEqual(
      findSecrets(text, redactor.registered).map(({ label }) => label(english)),
      ['Acme key'],
    );
    redactor.registered.useShapes([]);
    assert.equal(findSecrets(key, redactor.registered).length, 0);
    assert.equal(redactor.redact(key), key);
  });

  it('leave a text as it is when it is redacted twice', () => {
    const redactor = redactorWith(acme, { ...acme, prefix: '***', min: 8 }, { ...acme, prefix: 'key=' });
    for (const text of [key, `"${key}"`, `key=${key}`, `***${key}`]) {
      const once = redactor.redact(text);
      assert.equal(redactor.redact(once), once);
    }
  });
});

describe('the setting callguard.redaction.shapes', () => {
  it('is read from the settings of the user alone', () => {
    const own = settingsWith({ 'redaction.shapes': [acme] });
    assert.deepEqual([own.redactionShapes.length, own.promptSecrets, own.problems], [1, 'warn', []]);
    const foreign = parseSettings({
      user: () => undefined,
      layers: (name) => (name === 'redaction.shapes' ? [[acme]] : []),
      folders: nothingOpen,
    });
    assert.equal(foreign.redactionShapes.length, 0);
  });

  it('makes callguard.promptSecrets block if an entry cannot be read, and is listed as a problem', () => {
    for (const promptSecrets of [undefined, 'off', 'redact', 'block']) {
      const settings = settingsWith({ promptSecrets, 'redaction.shapes': [{ ...acme, min: 2 }, acme] });
      assert.equal(settings.promptSecrets, 'block');
      assert.equal(settings.redactionShapes.length, 1);
      assert.match(settings.problems.join(), /^callguard\.redaction\.shapes\.0\.min: must be at least 8; /);
      assert.equal(settings.problemsElsewhere.length, 1);
    }
  });
});
