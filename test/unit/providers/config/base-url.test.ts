import assert from 'node:assert/strict';
import { cutBaseUrl, otherBaseUrl } from '../../../../src/providers/config/base-url.ts';

describe('cutBaseUrl', () => {
  for (const [entered, cut] of [
    ['https://api.example.com/v1', 'https://api.example.com/v1'],
    ['https://api.example.com/v1/', 'https://api.example.com/v1'],
    [' https://api.example.com/v1\n', 'https://api.example.com/v1'],
    ['https://api.example.com/v1/chat/completions', 'https://api.example.com/v1'],
    ['https://api.example.com/v1/chat/completions/', 'https://api.example.com/v1'],
    ['https://api.example.com/v1/models', 'https://api.example.com/v1'],
    ['https://api.example.com/v1/messages', 'https://api.example.com/v1'],
    ['https://api.example.com/v1/responses', 'https://api.example.com/v1'],
    ['https://api.example.com//v1//', 'https://api.example.com/v1'],
    ['https://api.example.com/models-api/v1', 'https://api.example.com/models-api/v1'],
    ['http://localhost:11434', 'http://localhost:11434'],
  ] as const) {
    it(`makes ${cut} of ${JSON.stringify(entered)}`, () => {
      assert.equal(cutBaseUrl(entered), cut);
    });
  }
});

describe('otherBaseUrl', () => {
  it('adds the version, or leaves it out', () => {
    assert.equal(otherBaseUrl('http://localhost:8080'), 'http://localhost:8080/v1');
    assert.equal(otherBaseUrl('https://api.example.com/v1'), 'https://api.example.com');
  });
});
