import assert from 'node:assert/strict';
import { connectionFailure } from '../../../src/providers/connection-failure.ts';
import { isMachineOnline } from '../../../src/providers/machine-online.ts';

const online = () => Promise.resolve(true);
const offline = () => Promise.resolve(false);
const withCode = (code: string, message = 'boom') => Object.assign(new Error(message), { code });
const failure = (error: unknown, isOnline = online) =>
  connectionFailure(error, 'api.example.com', isOnline, (text) => text.replaceAll('secret', '***'));

describe('a failed connection', () => {
  for (const code of ['ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL']) {
    it(`is 'offline' for ${code} without a network`, async () => {
      assert.equal((await failure(withCode(code), offline)).kind, 'offline');
    });

    it(`is the provider's for ${code} with one`, async () => {
      assert.equal((await failure(withCode(code))).kind, 'connection');
    });
  }

  it('asks for the network only where that could be the reason', async () => {
    const mustNotAsk = () => Promise.reject(new Error('asked'));
    assert.deepEqual(await failure(withCode('ECONNREFUSED'), mustNotAsk), {
      kind: 'connection',
      message: 'api.example.com: the connection was refused (ECONNREFUSED)',
    });
  });

  it('is malformed where no HTTP is spoken', async () => {
    assert.equal((await failure(withCode('HPE_INVALID_CONSTANT'))).kind, 'malformed');
  });

  it('gives trouble that it does not know in its own words, sanitized', async () => {
    assert.deepEqual(await failure(withCode('EPROTO', 'wrong version secret')), {
      kind: 'connection',
      message: 'api.example.com: wrong version *** (EPROTO)',
    });
  });

  it('has words for what is no error at all', async () => {
    assert.deepEqual(await failure(undefined), {
      kind: 'connection',
      message: 'api.example.com: the connection failed',
    });
  });
});

describe('the look at the network', () => {
  it('gives an answer, not an error, for a name that nobody has', async () => {
    assert.equal(typeof (await isMachineOnline('callguard-test.invalid')), 'boolean');
  });
});
