import assert from 'node:assert/strict';
import { defaultGatewayPort, parseGatewayPort } from '../../../src/gateway/port-setting.ts';
import { inEnglish } from '../../support/languages.ts';

describe("the gateway's port", () => {
  it('is the one of the setting, or the default', () => {
    assert.deepEqual(parseGatewayPort(8_080), { port: 8_080, problems: [] });
    assert.deepEqual(parseGatewayPort(undefined), { port: defaultGatewayPort, problems: [] });
  });

  for (const setting of [0, 80, 65_536, 8_080.5, '8080', null, Number.NaN]) {
    it(`is the default where the setting is ${String(setting)}, and a problem names it`, () => {
      const { port, problems } = parseGatewayPort(setting);
      assert.equal(port, defaultGatewayPort);
      assert.match(
        inEnglish(problems).join(),
        /^callguard\.gateway\.port: must be a port between 1024 and 65535/,
      );
    });
  }
});
