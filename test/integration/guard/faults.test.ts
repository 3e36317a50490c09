import assert from 'node:assert/strict';
import { letGoAfterEach } from '../ledger/ledger-fixture.ts';
import { faults } from './fault-table.ts';
import { storm } from './storm.ts';
import { suffer } from './suffer.ts';

describe('createGuard with a faulty provider', () => {
  letGoAfterEach();

  for (const fault of faults) {
    const then = fault.retry ? `retried, ${fault.breaker}` : `not retried, ${fault.breaker}`;
    it(`ends as the table says for ${fault.name}: ${then}`, async () => {
      const { hung, billedTwice } = await suffer(fault, false, 1);
      assert.deepEqual([hung, billedTwice], [0, 0]);
    });
  }

  it('tries three times if a fault lasts, and charges each attempt that may have worked', async () => {
    const fault = faults.find(({ name }) => name === 'a stream cut before its first content');
    assert.ok(fault);
    const { hung, billedTwice } = await suffer(fault, true, 3);
    assert.deepEqual([hung, billedTwice], [0, 0]);
  });
});

describe('createGuard with many failing calls', () => {
  letGoAfterEach();

  it('sends no request after many answers of 500 have opened the circuit', async () => {
    const { requests, attempts, refused, circuit, circuitRows } = await storm(500, { calls: 40, atOnce: 4 });
    assert.equal(requests, attempts);
    assert.ok(refused.circuit > 20, JSON.stringify(refused));
    assert.deepEqual([circuit, circuitRows], ['open', 1]);
  });

  it('limits the retries of many calls by the budget', async () => {
    const { calls, requests } = await storm(500, { calls: 60, atOnce: 6, breaks: false });
    assert.ok(requests > calls && requests <= calls + Math.max(10, 0.2 * requests), `${requests} requests`);
  });

  it('pauses the model after a 429 and opens no circuit', async () => {
    const { requests, attempts, refused, circuit } = await storm(429, { calls: 40, atOnce: 4 });
    assert.equal(requests, attempts);
    assert.ok(refused.rest >= 36, JSON.stringify(refused));
    assert.equal(circuit, 'closed');
  });
});
