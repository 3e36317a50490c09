import type { ChatResult, TestOutcome, TokenUsage, UsageCount, UsageStats } from '../api.ts';
import type { CallResult } from '../guard/call-state.ts';
import type { Usage } from '../guard/ledger-port.ts';
import { retryAtMs } from '../guard/refusal.ts';
import { nameOf } from '../providers/config/target-name.ts';
import type { L10n } from '../shared/l10n.ts';
import { adviceFor } from './advice.ts';
import type { Status } from './status.ts';

export function usageStatsView({ day, today, providers }: Status): UsageStats {
  return {
    day,
    total: countOf(today),
    byProvider: Object.fromEntries(providers.map(({ config, today: used }) => [config.id, countOf(used)])),
  };
}

function countOf({ requests, inputTokens, outputTokens }: UsageCount): UsageCount {
  return { requests, inputTokens, outputTokens };
}

/** `message` is the result in words; undefined for a whole answer. */
export function chatView(result: CallResult, text: string, message: string | undefined): ChatResult {
  switch (result.kind) {
    case 'done':
      return { ok: true, text, servedBy: nameOf(result.target), usage: usageView(result.usage) };
    case 'aborted':
      return { ok: false, kind: 'aborted', reason: 'aborted', message: 'The call was aborted.', text };
    case 'refused': {
      const atMs = retryAtMs(result.refusal);
      return {
        ok: false,
        kind: 'refused',
        reason: result.refusal.kind,
        message: message ?? '',
        ...(atMs === undefined ? {} : { retryAtMs: atMs }),
        text,
      };
    }
    case 'failed':
      return { ok: false, kind: 'failed', reason: result.failure.kind, message: message ?? '', text };
  }
}

export function testView(result: CallResult, message: string, l10n: L10n): TestOutcome {
  const advice = adviceFor(result, l10n);
  return {
    ok: result.kind === 'done',
    message,
    ...(advice === undefined ? {} : { advice }),
    ...('timings' in result ? result.timings : {}),
    ...(result.kind === 'done' ? { usage: usageView(result.usage) } : {}),
    ...('rateLimits' in result ? { rateLimits: result.rateLimits } : {}),
  };
}

function usageView({
  inputTokens,
  cachedInputTokens,
  outputTokens,
  costMicroUsd,
  estimated,
}: Usage): TokenUsage {
  return {
    inputTokens,
    cachedInputTokens,
    outputTokens,
    ...(costMicroUsd === undefined ? {} : { costUsd: costMicroUsd / 1e6 }),
    estimated,
  };
}
