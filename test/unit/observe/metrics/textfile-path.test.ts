import assert from 'node:assert/strict';
import { parseTextfilePath } from '../../../../src/observe/metrics/textfile-path.ts';
import { inEnglish } from '../../../support/languages.ts';

describe('parseTextfilePath', () => {
  const read = (setting: unknown) => parseTextfilePath(setting, '/home/me');

  it('accepts no path', () => {
    assert.deepEqual(read(undefined), { file: undefined, problems: [] });
    assert.deepEqual(read(''), { file: undefined, problems: [] });
  });

  it('accepts an absolute path, and one that starts at the home folder', () => {
    assert.equal(read('/var/lib/callguard.prom').file, '/var/lib/callguard.prom');
    assert.equal(read('~/metrics/callguard.prom').file, '/home/me/metrics/callguard.prom');
  });

  for (const setting of ['metrics.prom', './a.prom', '/var/lib/metrics.txt', '/var/lib/', 7, null]) {
    it(`refuses ${JSON.stringify(setting)}, and names the setting`, () => {
      const { file, problems } = read(setting);
      assert.equal(file, undefined);
      assert.match(inEnglish(problems).join(), /^callguard\.metrics\.textfile: /);
    });
  }
});
