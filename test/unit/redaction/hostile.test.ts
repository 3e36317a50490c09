import assert from 'node:assert/strict';
import { createRedactor } from '../../../src/redaction/redact.ts';
import { hostileTexts } from '../../support/hostile-text.ts';

/** What is not linear takes minutes for this much, on whatever machine; the bench holds it to 50 ms. */
const farTooLongMs = 2_000;

describe('redaction of 1 MiB of hostile text', () => {
  const redactor = createRedactor();
  for (const secret of ['aaaaaaaaaaaaaaaaaaaaaaab', 'sk-sk-sk-sk-sk-sk-sk-sk!', '                       !'])
    redactor.register(secret);

  for (const [what, text] of Object.entries(hostileTexts(2 ** 20))) {
    it(`is quick: ${what}`, () => {
      const startMs = performance.now();
      redactor.redact(text);
      const tookMs = performance.now() - startMs;
      assert.ok(tookMs < farTooLongMs, `${tookMs} ms`);
    });
  }
});
