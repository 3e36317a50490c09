import assert from 'node:assert/strict';
import type { CapKind } from '../../../../src/guard/caps.ts';
import type { Failure } from '../../../../src/guard/outcome.ts';
import type { Refusal } from '../../../../src/guard/refusal.ts';
import type { CapStatus } from '../../../../src/gateway/refusals/cap-status.ts';
import { parseCapStatus } from '../../../../src/gateway/refusals/cap-status.ts';
import { callerOf } from '../../../../src/gateway/client-tool.ts';
import { failureError } from '../../../../src/gateway/refusals/failure-answer.ts';
import { refusalError } from '../../../../src/gateway/refusals/refusal-answer.ts';
import type { ToolStatuses } from '../../../../src/gateway/tool-statuses.ts';
import { inEnglish } from '../../../support/languages.ts';

const provider = 'acme';
const problem = () => 'no';
const hangs: ToolStatuses = { label: 'Tool', version: '1', cap: 400, final: 402, passing: 402 };

function cap(waitMs: number | undefined, changes: object = {}, kind: CapKind = 'requestsPerDay'): Refusal {
  const use = { used: 1, held: 0, ...(waitMs === undefined ? {} : { resetsAtMs: waitMs }) };
  return { kind: 'cap', provider, cap: { scope: {}, kind, limit: 1 }, ...use, ...changes };
}

function answer(refusal: Refusal, tool?: ToolStatuses, capStatus: CapStatus = 'auto') {
  const { status, code, headers = {} } = refusalError(refusal, 0, { tool, capStatus });
  return [status, code, headers['retry-after'], headers['x-should-retry']];
}

const final: readonly Refusal[] = [
  { kind: 'settings', provider, problem },
  { kind: 'policy', provider, model: 'm', denial: { rule: 'default' } },
  { kind: 'circuit', provider, state: 'forcedOpen' },
  { kind: 'paused', provider },
  { kind: 'vault', provider, problem },
  { kind: 'origin', provider, approved: 'a', asked: 'b' },
  { kind: 'promptSecret', what: problem },
  cap(1_000, { unknownPrice: true }),
  cap(1_000, { tooSmall: true }),
];

describe('refusalError', () => {
  it('answers what lasts until a user does something with 400, or as the tool shows it', () => {
    for (const refusal of final) {
      assert.deepEqual([answer(refusal)[0], ...answer(refusal).slice(2)], [400, undefined, 'false']);
      assert.equal(answer(refusal, hangs)[0], 402);
    }
  });

  it('answers a cap that ends soon with 429 and the time', () => {
    for (const tool of [undefined, hangs])
      assert.deepEqual(answer(cap(60_000), tool), [429, 'cap', '60', 'true']);
    assert.deepEqual(answer(cap(undefined, {}, 'callsAtOnce'), hangs), [429, 'cap', undefined, 'true']);
  });

  it('answers a cap that ends later with the status of the tool, without retry-after', () => {
    assert.deepEqual(answer(cap(60_001)), [429, 'cap', undefined, 'false']);
    assert.deepEqual(answer(cap(60_001), hangs), [400, 'cap', undefined, 'false']);
    const { headers = {} } = refusalError(cap(90_000), 0, { tool: hangs, capStatus: 'auto' });
    assert.equal(headers['x-ratelimit-reset-requests'], '90s');
  });

  it('answers a cap with the status of the setting, whatever the tool', () => {
    for (const status of ['429', '402', '400'] as const) {
      assert.equal(answer(cap(60_001), hangs, status)[0], Number(status));
      assert.equal(answer(cap(60_001), undefined, status)[0], Number(status));
    }
  });

  it('answers used-up credit with 402', () => {
    assert.deepEqual(answer({ kind: 'outOfCredit', provider }), [402, 'out_of_credit', undefined, 'false']);
  });

  it('answers what ends by itself with 503, or as the tool shows it', () => {
    const open = (retryAtMs: number): Refusal => ({ kind: 'circuit', provider, state: 'open', retryAtMs });
    assert.deepEqual(answer(open(30_000)), [503, 'circuit_open', '30', 'true']);
    assert.deepEqual(answer(open(90_000)), [503, 'circuit_open', undefined, 'false']);
    assert.deepEqual(answer(open(30_000), hangs), [402, 'circuit_open', undefined, 'false']);
    assert.deepEqual(answer({ kind: 'ledger', problem: 'x' }), [503, 'ledger', undefined, 'true']);
  });
});

describe('failureError', () => {
  const limited = (retryAfterMs?: number): Failure => ({
    ...{ kind: 'http', status: 429, message: 'slow' },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
  const fail = (failure: Failure, attempts: number, tool?: ToolStatuses) => {
    const rules = { tool, capStatus: 'auto' } as const;
    const error = failureError({ provider, model: 'm' }, failure, { attempts }, rules);
    return [error.status, error.headers?.['retry-after'], error.headers?.['x-should-retry']];
  };

  it("hands a provider's short pause on if Callguard has not tried again itself", () => {
    assert.deepEqual(fail(limited(20_000), 1), [429, '20', 'true']);
    assert.deepEqual(fail(limited(20_000), 3), [429, undefined, 'false']);
    assert.deepEqual(fail(limited(90_000), 1), [429, undefined, 'false']);
    assert.deepEqual(fail(limited(), 3, hangs), [400, undefined, 'false']);
  });

  it('does not ask a client to wait that has waited in vain', () => {
    const { status, headers } = failureError(
      { provider, model: 'm' },
      limited(20_000),
      { attempts: 1 },
      { tool: hangs, capStatus: 'auto' },
      true,
    );
    assert.deepEqual([status, headers], [400, { 'x-should-retry': 'false' }]);
    const rest = { kind: 'rest', provider, model: 'm', retryAtMs: 20_000 } as const;
    const statusOf = (hasWaited: boolean) =>
      refusalError(rest, 0, { tool: hangs, capStatus: 'auto' }, hasWaited).status;
    assert.deepEqual([statusOf(false), statusOf(true)], [429, 400]);
  });

  it('answers a rejected key with 400, or as the tool shows it', () => {
    const rejected: Failure = { kind: 'http', status: 401, message: 'no' };
    assert.deepEqual(fail(rejected, 1), [400, undefined, 'false']);
    assert.deepEqual(fail(rejected, 1, hangs), [402, undefined, 'false']);
  });
});

describe('callerOf', () => {
  it('is the tool of the token, whatever the user agent', () => {
    assert.equal(callerOf('codex', { 'user-agent': 'claude-cli/2' }), 'codex');
  });

  it('is one of a fixed list of user agents, or other', () => {
    const callers = {
      'claude-cli/2.1.332 (external, cli)': 'claude',
      'codex_exec/0.171.0 (Ubuntu)': 'codex',
      'OpenAI/JS 6.1': 'OpenAI',
      'Anthropic/Python 0.5': 'Anthropic',
      'secret-project/1.0': 'other',
      '': 'other',
    };
    for (const [agent, caller] of Object.entries(callers))
      assert.equal(callerOf(undefined, { 'user-agent': agent }), caller, agent);
    assert.equal(callerOf(undefined, {}), 'other');
  });
});

describe('parseCapStatus', () => {
  it('is auto by default, and reports another value than those of the list', () => {
    assert.deepEqual(parseCapStatus(undefined), { status: 'auto', problems: [] });
    assert.deepEqual(parseCapStatus('402'), { status: '402', problems: [] });
    const wrong = parseCapStatus(402);
    assert.equal(wrong.status, 'auto');
    assert.match(inEnglish(wrong.problems).join(), /^callguard\.gateway\.capStatus: must be one of auto/);
  });

  it('has what the provider said when it asked for a rate-limit pause', () => {
    const pause = { kind: 'rest', provider: 'acme', model: 'm', retryAtMs: 9_000 } as const;
    const rules = { tool: undefined, capStatus: 'auto' } as const;
    const said = refusalError({ ...pause, code: 'tokens_exceeded', requestId: 'req_1' }, 0, rules);
    assert.deepEqual(said.provider, { code: 'tokens_exceeded', requestId: 'req_1' });
    assert.match(said.message, /HTTP 429, tokens_exceeded\)/);
    assert.deepEqual(refusalError(pause, 0, rules).provider, { code: undefined, requestId: undefined });
  });
});
