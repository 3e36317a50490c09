import assert from 'node:assert/strict';
import { KnownSecrets } from '../../../src/redaction/known-secrets.ts';
import { findSecrets } from '../../../src/redaction/prompt-scan.ts';
import { createRedactor } from '../../../src/redaction/redact.ts';
import { shapes } from '../../../src/redaction/shapes/registry.ts';
import { lineContexts, strangeContexts } from '../../support/secret-contexts.ts';
import { secretSources } from '../../support/secret-sources.ts';
import { isLeftIn, samples, samplesIn, type Sample } from '../../support/secret-corpus.ts';

const redactor = createRedactor();
const known = new KnownSecrets();
const all = [...samples(20_261_130, 1), ...samplesIn(strangeContexts, 20_261_131, 1, lineContexts)];

function found(sample: Sample) {
  return findSecrets(sample.text, known);
}

/** The text without what the prompt check finds. */
function withoutFinds(sample: Sample): string {
  let left = '';
  let end = 0;
  for (const { index, length } of found(sample)) {
    left += sample.text.slice(end, index);
    end = index + length;
  }
  return left + sample.text.slice(end);
}

describe('secrets of every kind in every context', () => {
  for (const [kind, some] of Map.groupBy(all, (sample) => sample.kind)) {
    const missedBy = (clean: (sample: Sample) => string) =>
      some.filter((sample) => isLeftIn(clean(sample), sample)).map(({ context }) => context);

    it(`are blanked in logs: ${kind}`, () => {
      assert.deepEqual(
        missedBy(({ text }) => redactor.redact(text)),
        [],
      );
    });

    it(`are found in prompts, as what they are: ${kind}`, () => {
      assert.deepEqual(missedBy(withoutFinds), []);
      const misnamed = some.filter((sample) => !found(sample).some((secret) => secret.kind === kind));
      assert.deepEqual(
        misnamed.map(({ context }) => context),
        [],
      );
    });
  }

  it('are of every kind that the registry has', () => {
    const made = new Set([...all.map(({ kind }) => kind), 'urlPassword', 'discordMfa']);
    assert.deepEqual(
      shapes.map(({ kind }) => kind).filter((kind) => !made.has(kind)),
      [],
    );
  });
});

describe('the registry of shapes', () => {
  it('has each kind once, with a label and a source', () => {
    assert.equal(new Set(shapes.map(({ kind }) => kind)).size, shapes.length);
    for (const { kind, label } of shapes) {
      assert.match(secretSources.get(kind) ?? '', /^(?:https:\/\/|docs\/)/, kind);
      assert.notEqual(label({ t: (text) => text }), '', kind);
    }
  });
});

describe('text that is no secret', () => {
  for (const text of [
    'class="sk-fading-circle sk-circle-fade-dot sk-folding-cube-animation-with-delay"',
    'task-7f3c9a1be04d4d0e8f6a2b1c3d4e5f60',
    'disk-4f3c9a1be04d4d0e8f6a2b1c3d4e5f60',
    'sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'sk-1234567890abcdef1234567890abcdef',
    'sk-your-api-key-goes-here-and-nowhere-else',
    'hf_model_name_for_the_embedding_large_v2',
    'hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'fw_update_firmware_image_version',
    'r8_unorm_srgb_block_texture_format_x_large',
    'npm_config_user_agent_with_a_long_name_of_it',
    'AKIAXXXXXXXXXXXXXXXX',
    'ASIAPACIFICREGIONNAMES',
    'AKIAABCDEFGHIJKLMNOP',
    'key-value-store-with-replication-enabled',
    'pa-rameter-names-of-a-long-function-declaration-x',
    'secret_management_and_rotation_of_provider_keys_x',
    'gsk_short, glpat-short, xoxb-short-one',
    'aws_secret_access_key = ${{ secrets.AWS_SECRET_ACCESS_KEY }}',
    'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    "if (pem.startsWith('-----BEGIN PRIVATE KEY-----')) return pem.split('\\n');",
    '-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\n-----END CERTIFICATE-----',
    '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAnzyis1ZjfNB0bBgKFMSv\n-----END PUBLIC KEY-----',
    'https://user:password@host.example/',
    'postgres://postgres:postgres@localhost:5432/app',
    'https://${USER}:${PASSWORD1}@host/',
    'http://localhost:3000/@vite/client',
    'git+ssh://git@github.com:acme/app.git',
    'sha512-4f3c9a1be04d4d0e8f6a2b1c3d4e5f60A/b+c==',
    'a.b.c, this.props.value.state.name.first.second',
  ]) {
    it(`passes the prompt check: ${text.split('\n', 1).join('')}`, () => {
      assert.deepEqual(findSecrets(text, known), []);
    });
  }
});

describe('passwords in addresses in prompts', () => {
  for (const text of [
    'postgres://app:Xk29fLm4Qz@db.internal:5432/app',
    'mongodb+srv://app:Xk29fLm4Qz@cluster0.abcde.mongodb.net/app',
    'redis://:Xk29fLm4Qz@cache:6379/0',
    'https://deploy:Xk29fLm4Qz@git.acme.io/acme/app.git',
    'amqp://app:Xk2/9fLm4Qz@queue/x',
    'DATABASE_URL="postgres://app:Xk29fLm4Qz@db/app"',
  ]) {
    it(`are found: ${text}`, () => {
      const [secret, ...others] = findSecrets(text, known);
      assert.deepEqual([secret?.kind, others.length], ['urlPassword', 0]);
      const { index = 0, length = 0 } = secret ?? {};
      assert.match(text.slice(index, index + length), /^Xk2\/?9fLm4Qz$/);
    });
  }
});

describe('keys in pieces', () => {
  const first = 'ghp_aB3dE5fG7hJ9kL1mN2pQ4r';
  const second = 'S6tU8vW0xY1zA2';
  for (const text of [
    `export TOKEN=${first}\\\n${second}`,
    `token: ${first}=\r\n${second}`,
    `"${first}" + "${second}"`,
    `'${first}' +\n    '${second}'`,
    `"${first}"\n  "${second}"`,
    String.raw`{"code":"\"${first}\" + \"${second}\""}`,
    `token: ${first}\n${second}\n`,
    `token: ${first}\r\n  ${second}`,
  ]) {
    it(`are found as one: ${JSON.stringify(text)}`, () => {
      assert.deepEqual(
        findSecrets(text, known).map(({ kind }) => kind),
        ['github'],
      );
      const clean = redactor.redact(text);
      assert.ok(!clean.includes(second), clean);
      assert.equal(redactor.redact(clean), clean);
    });
  }

  it('are found up to the greatest length of their kind', () => {
    const key = 'A3-VB4LT2-8V8RAT-IYNQR-MR49J-Q8RFX-GHB66';
    for (const text of [`'${key}'\n"quoted"`, `['${key}'\n 'MANY-WORDS']`]) {
      assert.equal(findSecrets(text, known)[0]?.kind, 'onePasswordSecret', text);
      assert.ok(!redactor.redact(text).includes(key.slice(-8)), text);
    }
  });

  for (const text of [
    `"${first}", "${second}"`,
    `${first}\nand then some words`,
    `${first}\nconfigurationService\n`,
    `"${first}" + " is wrong"`,
  ]) {
    it(`do not take in what is no piece: ${JSON.stringify(text)}`, () => {
      assert.equal(redactor.redact(text), text.replace(first, 'ghp_***'));
    });
  }
});
