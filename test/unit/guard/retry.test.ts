import assert from 'node:assert/strict';
import { defaultRetryOptions, retryDelayMs, RetryBudget } from '../../../src/guard/retry.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const always = (value: number) => ({ next: () => value });
const almostOne = 1 - Number.EPSILON;

describe('retryDelayMs', () => {
  it('returns anything from 0 to the doubled base: full jitter', () => {
    const longest = [1, 2, 3].map((retry) =>
      Math.round(retryDelayMs(retry, defaultRetryOptions, always(almostOne), undefined)),
    );
    assert.deepEqual(longest, [500, 1_000, 2_000]);
    assert.equal(retryDelayMs(3, defaultRetryOptions, always(0), undefined), 0);
  });

  it('grows to eight seconds and no more', () => {
    assert.equal(retryDelayMs(20, defaultRetryOptions, always(0.5), undefined), 4_000);
  });

  it('is never shorter than Retry-After, to which jitter only adds', () => {
    assert.equal(retryDelayMs(1, defaultRetryOptions, always(0), 20_000), 20_000);
    assert.equal(retryDelayMs(1, defaultRetryOptions, always(0.5), 20_000), 20_250);
  });
});

describe('RetryBudget', () => {
  function budgetAfter(attempts: number, retries: number): { budget: RetryBudget; clock: FakeClock } {
    const clock = new FakeClock();
    const budget = new RetryBudget(clock);
    const generous = { ...defaultRetryOptions, budgetFloor: Infinity };
    for (let n = 0; n < attempts; n++) {
      if (n < retries) budget.takeRetry(generous);
      else budget.recordAttempt();
    }
    return { budget, clock };
  }

  it('allows ten retries after a cold start, and not an eleventh', () => {
    assert.equal(budgetAfter(10, 9).budget.takeRetry(defaultRetryOptions), true);
    assert.equal(budgetAfter(11, 10).budget.takeRetry(defaultRetryOptions), false);
  });

  it('counts a retry as soon as it is granted, so that calls that fail together are not all repeated', () => {
    const { budget } = budgetAfter(60, 0);
    const granted = Array.from({ length: 60 }, () => budget.takeRetry(defaultRetryOptions)).filter(Boolean);
    // A fifth of the 75 attempts that there are then.
    assert.equal(granted.length, 15);
  });

  it('does not count a retry that it did not grant', () => {
    const { budget } = budgetAfter(11, 10);
    for (let n = 0; n < 50; n++) assert.equal(budget.takeRetry(defaultRetryOptions), false);
    for (let n = 0; n < 44; n++) budget.recordAttempt();
    assert.equal(budget.takeRetry(defaultRetryOptions), true);
  });

  it('allows at most a fifth of the attempts to be retries', () => {
    // The retry asked about would be the 20th of 100 attempts, or the 20th of 99.
    assert.equal(budgetAfter(99, 19).budget.takeRetry(defaultRetryOptions), true);
    assert.equal(budgetAfter(98, 19).budget.takeRetry(defaultRetryOptions), false);
  });

  it('forgets what happened more than a minute ago', async () => {
    const { budget, clock } = budgetAfter(20, 15);
    await clock.advance(59_999);
    assert.equal(budget.takeRetry(defaultRetryOptions), false);
    await clock.advance(1);
    assert.equal(budget.takeRetry(defaultRetryOptions), true);
  });

  it('remembers no more than a minute, however many attempts there are', async () => {
    const clock = new FakeClock();
    const budget = new RetryBudget(clock);
    const options = { ...defaultRetryOptions, budgetFloor: 0 };
    for (let second = 0; second < 300; second++) {
      budget.takeRetry({ ...options, budgetFloor: Infinity });
      for (let n = 1; n < 10; n++) budget.recordAttempt();
      await clock.advance(1_000);
    }
    // One in ten so far, so another 66 or so fit.
    let more = 0;
    while (budget.takeRetry(options)) more += 1;
    assert.ok(more >= 70 && more <= 78, `${more} retries were allowed`);
  });
});
