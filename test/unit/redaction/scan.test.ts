import assert from 'node:assert/strict';
import { KnownSecrets } from '../../../src/redaction/known-secrets.ts';
import { maskFinds } from '../../../src/redaction/mask.ts';
import type { Find } from '../../../src/redaction/rule.ts';
import { Scan } from '../../../src/redaction/scan.ts';
import { redactionLimits } from '../../../src/shared/limits.ts';

const none = new KnownSecrets();
const sliceChars = 8_192;
const key = `sk-proj-${'aB3dE5gH'.repeat(6)}`;
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** All finds, and how many of them at most one slice gave. */
function readInSlices(text: string): { finds: Find[]; most: number } {
  const scan = new Scan(text, none, 'full');
  const finds: Find[] = [];
  let most = 0;
  for (let isMore = true; isMore;) {
    isMore = scan.advance(sliceChars);
    const taken = scan.take();
    finds.push(...taken);
    most = Math.max(most, taken.length);
  }
  return { finds, most };
}

describe('Scan', () => {
  it('gives its finds while it reads', () => {
    const { finds, most } = readInSlices(`${key} `.repeat(10_000));
    assert.equal(finds.length, 10_000);
    assert.ok(most < 1_000, `${most} at once`);
  });

  it('gives finds behind a short text in base64 before the end', () => {
    const text = `${base64('An ordinary sentence of a document.')} ${`${key} `.repeat(100_000)}`;
    const { finds, most } = readInSlices(text);
    assert.equal(finds.length, 100_000);
    assert.ok(most < 30_000, `${most} at once`);
  });

  it('gives finds within endless base64 before its end', () => {
    // A key of Google in the digits of a text.
    const google = `${base64('aaaa????').slice(0, -1)}/AIza${'SyB1c2d3'.repeat(5).slice(0, 35)}/`;
    const text = `x: ${(base64('An ordinary text').slice(0, 20) + google).repeat(60_000)}`;
    const { finds, most } = readInSlices(text);
    assert.ok(finds.length > 50_000, `${finds.length}`);
    assert.ok(most < 30_000, `${most} at once`);
  });

  it('leaves no secret in endless base64, and no find without an end', () => {
    const words = 'An ordinary sentence of a document, which has no secret in it. ';
    const around = words.repeat(40_000);
    const { finds } = readInSlices(`x: ${base64(`${around}${key} ${around}${around}`)} and more`);
    const text = `x: ${base64(`${around}${key} ${around}${around}`)} and more`;
    const clean = maskFinds(text, finds);
    assert.ok(!Buffer.from(clean.slice(3), 'base64').includes('sk-proj'));
    assert.ok(clean.endsWith('*** and more'));
    const [first] = finds;
    assert.ok((first?.end ?? 0) - (first?.start ?? 0) < 2 * redactionLimits.waitingChars);
  });
});
