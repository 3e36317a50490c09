import assert from 'node:assert/strict';
import { connectionFailure } from '../../../../src/providers/transport/connection-failure.ts';
import { isMachineOnline } from '../../../../src/providers/transport/machine-online.ts';
import { english, type L10n } from '../../../../src/shared/l10n.ts';
import { mute } from '../../../support/languages.ts';

const online = () => Promise.resolve(true);
const offline = () => Promise.resolve(false);
const withCode = (code: string, message = 'boom') => Object.assign(new Error(message), { code });
const failure = (error: unknown, isOnline = online) =>
  connectionFailure(error, 'api.example.com', isOnline, (text) => text.replaceAll('secret', '***'));
const said = async (error: unknown, l10n: L10n, isOnline = online) => {
  const outcome = await failure(error, isOnline);
  return 'problem' in outcome ? [outcome.kind, outcome.problem(l10n)] : [outcome.kind];
};

describe('connectionFailure', () => {
  for (const code of ['ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL']) {
    it(`returns offline for ${code} without a network`, async () => {
      assert.equal((await failure(withCode(code), offline)).kind, 'offline');
    });

    it(`returns a failure of the provider for ${code} with a network`, async () => {
      assert.equal((await failure(withCode(code))).kind, 'connection');
    });
  }

  it('checks the network only if that could be the reason', async () => {
    const mustNotAsk = () => Promise.reject(new Error('asked'));
    assert.deepEqual(await said(withCode('ECONNREFUSED'), english, mustNotAsk), [
      'connection',
      'api.example.com: the connection was refused (ECONNREFUSED)',
    ]);
  });

  it('returns malformed for a server that does not speak HTTP', async () => {
    assert.equal((await failure(withCode('HPE_INVALID_CONSTANT'))).kind, 'malformed');
  });

  it('returns the sanitized message of an unknown error', async () => {
    assert.deepEqual(await said(withCode('EPROTO', 'wrong version secret'), english), [
      'connection',
      'api.example.com: wrong version *** (EPROTO)',
    ]);
  });

  it('returns a message for a value that is not an error', async () => {
    assert.deepEqual(await said(undefined, english), ['connection', 'api.example.com: unknown error']);
  });

  it('returns messages in the language of the user', async () => {
    const cases: [error: unknown, isOnline: typeof online, words: string][] = [
      [withCode('ECONNRESET'), online, 'api.example.com:  (ECONNRESET)'],
      [withCode('CERT_HAS_EXPIRED'), online, 'api.example.com:  (CERT_HAS_EXPIRED)'],
      [undefined, online, 'api.example.com: '],
      [withCode('HPE_INVALID_CONSTANT'), online, 'api.example.com HPE_INVALID_CONSTANT'],
      [withCode('ENOTFOUND'), offline, 'api.example.com ENOTFOUND'],
    ];
    for (const [error, isOnline, words] of cases) assert.equal((await said(error, mute, isOnline))[1], words);
  });
});

describe('isMachineOnline', () => {
  it('returns an answer instead of an error for an unknown name', async () => {
    assert.equal(typeof (await isMachineOnline('callguard-test.invalid')), 'boolean');
  });
});
