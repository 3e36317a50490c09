import assert from 'node:assert/strict';
import { defaultGatewayPort, parseGatewayPort } from '../../../src/gateway/port-setting.ts';
import { inEnglish } from '../../support/languages.ts';

describe('parseGatewayPort', () => {
  it('returns the port of the setting, or the default if it is not set', () => {
    assert.deepEqual(parseGatewayPort(8_080), { port: 8_080, problems: [] });
    assert.deepEqual(parseGatewayPort(undefined), { port: defaultGatewayPort, problems: [] });
  });

  for (const setting of [0, 80, 65_536, 8_080.5, '8080', null, Number.NaN]) {
    it(`returns the default and a problem if the setting is ${String(setting)}`, () => {
      const { port, problems } = parseGatewayPort(setting);
      assert.equal(port, defaultGatewayPort);
      assert.match(
        inEnglish(problems).join(),
        /^callguard\.gateway\.port: must be a port between 1024 and 65535/,
      );
    });
  }
});
