import assert from 'node:assert/strict';
import { KnownSecrets } from '../../../src/redaction/known-secrets.ts';
import { findSecrets } from '../../../src/redaction/prompt-scan.ts';
import { createRedactor } from '../../../src/redaction/redact.ts';

const redactor = createRedactor();
const none = new KnownSecrets();
const secret = 'q7Z/xW2vKd9+LmT4bYc8RnJ5sHfG3pUaE6wXtB1o';

describe('a secret without a shape of its own, known by its name in a prompt and in a log', () => {
  for (const text of [
    'aws_secret_access_key=S',
    'export AWS_SECRET_ACCESS_KEY="S"',
    '  secretAccessKey: S',
    '{"SecretAccessKey":"S"}',
    String.raw`"{\\\"SecretAccessKey\\\":\\\"S\\\"}"`,
    'fs.s3a.secret.key=S',
    'MINIO_SECRET_KEY: "S"',
    'aws configure set aws_secret_access_key S',
    'ENV AWS_SECRET_ACCESS_KEY S',
    'set -gx AWS_SECRET_ACCESS_KEY S',
    '| AWS_SECRET_ACCESS_KEY | S |',
    '**Secret access key**: `S`',
    'aws_secret_access_key:\n  S',
    '\u001b[33mAWS_SECRET_ACCESS_KEY\u001b[0m=S',
    'AWS Secret Access Key [None]: S',
    'my AWS_SECRET_ACCESS_KEY is S',
    'gh secret set AWS_SECRET_ACCESS_KEY --body "S"',
    '<SecretAccessKey>S</SecretAccessKey>',
    '- name: AWS_SECRET_ACCESS_KEY\n  value: S',
    'Access key ID,Secret access key\nAKIAQ7ZXW2VKD5LMT4BY,S',
  ]) {
    it(`is found: ${JSON.stringify(text)}`, () => {
      // The last S that stands by itself.
      const dirty = text.replace(/(?<![A-Za-z_])S(?![A-Za-z_])(?![^]*(?<![A-Za-z_])S(?![A-Za-z_]))/, secret);
      assert.ok(dirty.includes(secret));
      const left = findSecrets(dirty, none).reduceRight(
        (rest, { index, length }) => rest.slice(0, index) + rest.slice(index + length),
        dirty,
      );
      assert.ok(!left.includes(secret), left);
      assert.ok(!redactor.redact(dirty).includes(secret), redactor.redact(dirty));
    });
  }

  for (const text of [
    'secretKey: "REPLACE_ME_WITH_YOUR_OWN_SECRET_KEY_1234"',
    'accessKey: this.configurationService.getStorageAccountAccessKeyOrDefault',
    'PRIMARY KEY ("organization_id", "user_id", "created_at")',
    'my-task-list-item-with-a-rather-long-kebab-case-name',
    'docker.io/lib@sha256:4f3c9a1be04d4d0e8f6a2b1c3d4e5f604f3c9a1be04d4d0e8f6a2b1c3d4e5f60',
    'windows.py,sha256=qaN-fw_htIgKUVXoAuAEVgKxQu3tZ9qE2eiKkWIS7LA,160',
    '550e8400-e29b-41d4-a716-446655440000',
    'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA',
    'V8h2V6h8v2h2v5.1c.3-.1.7-.1 1-.1s.7 0 1 .1V8h2V2h-6v2H8V2H2v6h2v8H2v6h6v-2h5.1c-.1-.3-.1-.7-.1-1',
    '.sk-cube-grid .sk-cube9{animation-delay:0s}',
    '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----',
  ]) {
    it(`is not found in: ${JSON.stringify(text)}`, () => {
      assert.deepEqual(findSecrets(text, none), []);
    });
  }
});
