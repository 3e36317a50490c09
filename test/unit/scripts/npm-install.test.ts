import assert from 'node:assert/strict';
import { whyNotInstalled } from '../../../scripts/npm-install.ts';

describe('a package that npm could not install', () => {
  for (const code of ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH']) {
    it(`is told in one sentence where there is no registry (${code})`, () => {
      const output = `npm error code ${code}\nnpm error errno ${code}\nnpm error FetchError: request failed\n`;
      assert.match(whyNotInstalled('code-server', output), /^The npm registry cannot be reached[^\n]*\.$/);
    });
  }

  it("is told in npm's own words for any other reason", () => {
    const output = 'npm error code ENOSPC\nnpm error nospc There appears to be insufficient space\n';
    assert.equal(
      whyNotInstalled('code-server', output),
      `npm could not install code-server:\n${output.trimEnd()}`,
    );
  });
});
