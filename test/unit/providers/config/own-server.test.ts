import assert from 'node:assert/strict';
import { isOwnServer } from '../../../../src/providers/config/own-server.ts';

describe('isOwnServer', () => {
  for (const host of [
    ...['localhost:8000', '127.0.0.1:8000', '[::1]:8000', '192.168.1.7', '10.0.0.3:30000', '172.20.0.2'],
    ...[
      '100.101.102.103',
      '[fd7a::1]',
      'gpu-box',
      'vllm.local',
      'host.docker.internal:1234',
      'box.home.arpa',
    ],
  ])
    it(`takes ${host} for the user's own`, () => {
      assert.equal(isOwnServer({ kind: 'openai-compatible', baseUrl: `http://${host}/v1` }), true);
    });

  for (const host of [
    ...['api.example.com', '172.32.0.1', '100.128.0.1', '11.0.0.1', 'localhost.example.com', 'local.example'],
    ...['10.example.com', '[2001:db8::1]'],
  ])
    it(`takes ${host} for one of others`, () => {
      assert.equal(isOwnServer({ kind: 'openai-compatible', baseUrl: `https://${host}/v1` }), false);
    });

  it('takes a local kind for the own one, wherever it is', () => {
    assert.equal(isOwnServer({ kind: 'ollama', baseUrl: 'https://ollama.example.com/v1' }), true);
    assert.equal(isOwnServer({ kind: 'openai', baseUrl: undefined }), false);
  });
});
