import assert from 'node:assert/strict';
import { parseTextfilePath } from '../../../../src/observe/metrics/textfile-path.ts';
import { inEnglish } from '../../../support/languages.ts';

describe('the path of the metrics file', () => {
  const read = (setting: unknown) => parseTextfilePath(setting, '/home/me');

  it('may be absent', () => {
    assert.deepEqual(read(undefined), { file: undefined, problems: [] });
    assert.deepEqual(read(''), { file: undefined, problems: [] });
  });

  it('is absolute, or begins at the home folder', () => {
    assert.equal(read('/var/lib/callguard.prom').file, '/var/lib/callguard.prom');
    assert.equal(read('~/metrics/callguard.prom').file, '/home/me/metrics/callguard.prom');
  });

  for (const setting of ['metrics.prom', './a.prom', '/var/lib/metrics.txt', '/var/lib/', 7, null]) {
    it(`cannot be ${JSON.stringify(setting)}, and says why by the setting's name`, () => {
      const { file, problems } = read(setting);
      assert.equal(file, undefined);
      assert.match(inEnglish(problems).join(), /^callguard\.metrics\.textfile: /);
    });
  }
});
