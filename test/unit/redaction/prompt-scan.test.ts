import assert from 'node:assert/strict';
import { KnownSecrets } from '../../../src/redaction/known-secrets.ts';
import { findSecrets } from '../../../src/redaction/prompt-scan.ts';
import { english } from '../../../src/shared/l10n.ts';

const none = new KnownSecrets();

describe('findSecrets', () => {
  it('finds keys of full length with their kind and position', () => {
    const openai = `sk-proj-${'a1B2'.repeat(30)}`;
    const aws = 'AKIAIOSFODNN7EXAMPLE';
    const azure = `${'a1'.repeat(26)}JQQJ9${'b'.repeat(27)}`;
    const text = `use ${openai} and ${aws}, or ${azure}`;
    assert.deepEqual(
      findSecrets(text, none).map(({ kind, label, index, length }) => [kind, label(english), index, length]),
      [
        ['openaiProject', 'OpenAI key', 4, openai.length],
        ['aws', 'AWS access key', text.indexOf(aws), aws.length],
        ['azure', 'Azure key', text.indexOf(azure), azure.length],
      ],
    );
  });

  it('names the kind by the most specific prefix', () => {
    const kinds = [
      `sk-ant-api03-${'x'.repeat(90)}`,
      `sk-or-v1-${'0'.repeat(64)}`,
      `sk-${'a1B2c3D4'.repeat(6)}`,
    ].map((key) => findSecrets(key, none)[0]?.kind);
    assert.deepEqual(kinds, ['anthropic', 'openrouter', 'openai']);
  });

  for (const harmless of [
    'class="sk-fading-circle sk-circle-fade-dot"',
    'callguard_token, callguard_requests_total',
    'gsk_short, hf_model_name, fw_update, r8_unorm_srgb',
    'Authorization: Bearer <your key>',
    'const api_key = process.env.OPENAI_API_KEY;',
    'https://user:password@host.example/',
    'task-proj-management-and-other-long-words-of-a-slug',
  ]) {
    it(`does not find a secret in: ${harmless}`, () => {
      assert.deepEqual(findSecrets(harmless, none), []);
    });
  }

  it('finds a registered key once, plain or encoded, and does not return its text', () => {
    const key = `sk-ant-api03-${'x'.repeat(90)}`;
    const registered = new KnownSecrets();
    registered.add(key);
    const text = `${key} ${Buffer.from(`key=${key}`).toString('base64')}`;
    const found = findSecrets(text, registered);
    assert.deepEqual(
      found.map(({ kind }) => kind),
      ['loaded', 'loaded'],
    );
    assert.ok(!JSON.stringify(found).includes('xxx'));
  });
});
