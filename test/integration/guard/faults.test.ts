import assert from 'node:assert/strict';
import { letGoAfterEach } from '../ledger/ledger-fixture.ts';
import { faults } from './fault-table.ts';
import { storm } from './storm.ts';
import { suffer } from './suffer.ts';

describe('the whole guard on a faulty provider', () => {
  letGoAfterEach();

  for (const fault of faults) {
    const then = fault.retry ? `retried, ${fault.breaker}` : `not retried, ${fault.breaker}`;
    it(`ends as the table says for ${fault.name}: ${then}`, async () => {
      const { hung, billedTwice } = await suffer(fault, false, 1);
      assert.deepEqual([hung, billedTwice], [0, 0]);
    });
  }

  it('tries three times when a fault lasts, and charges each attempt that may have worked', async () => {
    const fault = faults.find(({ name }) => name === 'a stream cut before its first content');
    assert.ok(fault);
    const { hung, billedTwice } = await suffer(fault, true, 3);
    assert.deepEqual([hung, billedTwice], [0, 0]);
  });
});

describe('a storm', () => {
  letGoAfterEach();

  it('of 500 opens the circuit, after which no call costs a request', async () => {
    const { requests, attempts, refused, circuit, circuitRows } = await storm(500, { calls: 40, atOnce: 4 });
    assert.equal(requests, attempts);
    assert.ok(refused.circuit > 20, JSON.stringify(refused));
    assert.deepEqual([circuit, circuitRows], ['open', 1]);
  });

  it('of 500 is not multiplied by retries', async () => {
    const { calls, requests } = await storm(500, { calls: 60, atOnce: 6, breaks: false });
    assert.ok(requests > calls && requests <= calls + Math.max(10, 0.2 * requests), `${requests} requests`);
  });

  it('of 429 opens no circuit, and lets the model rest', async () => {
    const { requests, attempts, refused, circuit } = await storm(429, { calls: 40, atOnce: 4 });
    assert.equal(requests, attempts);
    assert.ok(refused.rest >= 36, JSON.stringify(refused));
    assert.equal(circuit, 'closed');
  });
});
