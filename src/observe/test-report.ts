import type { CallResult, LastAttempt } from '../guard/call-state.ts';
import { formatAmount } from '../guard/refusal.ts';
import type { Usage } from '../guard/ledger.ts';
import { nameOf } from '../providers/target.ts';
import { adviceFor } from './advice.ts';

/** What is known of a tested provider beside the call itself. */
export interface TestedProvider {
  /** For example `OpenAI, https://api.openai.com/v1`. */
  readonly address: string;
  /** The state of its key, redacted. */
  readonly key: string;
  /** Why there was no whole answer; undefined where there was one. */
  readonly problem: string | undefined;
}

/** The result of a test as Markdown for a person. */
export function testReport(result: CallResult, provider: TestedProvider): string {
  const advice = adviceFor(result);
  const rows: [string, string][] = [
    ['Address', provider.address],
    ['Key', provider.key],
    ['Model', nameOf(result.target)],
    ['Attempts', String(result.attempts)],
    ...('timings' in result ? timingRows(result) : []),
    ...(result.kind === 'done' ? usageRows(result.usage) : []),
    ...('rateLimits' in result ? Object.entries(result.rateLimits) : []),
  ];
  return [
    `# ${result.target.provider} ${provider.problem === undefined ? 'answered' : 'did not answer'}`,
    '',
    ...(provider.problem === undefined ? [] : [`**Why:** ${inline(provider.problem)}`, '']),
    ...(advice === undefined ? [] : [`**What to do:** ${inline(advice)}`, '']),
    '| | |',
    '| --- | --- |',
    ...rows.map(([name, value]) => `| ${inline(name)} | ${inline(value)} |`),
    '',
  ].join('\n');
}

function timingRows({ timings }: LastAttempt): [string, string][] {
  const row = (name: string, ms: number | undefined): [string, string] => [
    name,
    ms === undefined ? 'not reached' : `${Math.round(ms)} ms`,
  ];
  return [
    row('Connected after', timings.connectedMs),
    row('Headers after', timings.headersMs),
    row('First content after', timings.firstContentMs),
  ];
}

function usageRows(usage: Usage): [string, string][] {
  const tokens = `${usage.inputTokens} in (${usage.cachedInputTokens} cached), ${usage.outputTokens} out`;
  const cost =
    usage.costMicroUsd === undefined
      ? 'unknown: the model has no known price'
      : usage.costMicroUsd < 10_000
        ? `$${(usage.costMicroUsd / 1e6).toFixed(6)}`
        : formatAmount('usdPerDay', usage.costMicroUsd);
  return [
    ['Tokens', usage.estimated ? `${tokens}, estimated` : tokens],
    ['Cost', cost],
  ];
}

/** A text from outside that is to stay one cell of a table, and nothing but text. */
function inline(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\`*_[\]<>|]/g, String.raw`\$&`);
}
