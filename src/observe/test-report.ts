import type { CallResult, SentAttempt } from '../guard/call-state.ts';
import { formatAmount } from '../guard/refusal.ts';
import { codeOf } from '../guard/outcome.ts';
import type { L10n } from '../shared/l10n.ts';
import { nameOf } from '../providers/config/target-name.ts';
import { adviceFor } from './advice.ts';
import { costSourceWords } from './cost-source-words.ts';
import { shownText } from '../shared/escape.ts';

/** Facts about the tested provider besides the call. */
export interface TestedProvider {
  /** For example `OpenAI, https://api.openai.com/v1`. */
  readonly address: string;
  /** The state of the key, redacted. */
  readonly key: string;
  /** What its servers take in another way than most, by the names of the setting `quirks`. */
  readonly quirks?: Readonly<Record<string, unknown>>;
  /** Why there was no whole answer; undefined if there was one. */
  readonly problem: string | undefined;
}

/** The result of a test as Markdown for the user. */
export function testReport(result: CallResult, provider: TestedProvider, l10n: L10n): string {
  const advice = adviceFor(result, l10n);
  const { provider: id } = result.target;
  const rows: [string, string][] = [
    [l10n.t('Address'), provider.address],
    [l10n.t('Key'), provider.key],
    [l10n.t('Model'), nameOf(result.target)],
    ...quirkRows(provider.quirks, result, l10n),
    [l10n.t('Attempts'), String(result.attempts)],
    ...('timings' in result ? timingRows(result, l10n) : []),
    ...(result.kind === 'done' ? usageRows(result, l10n) : []),
    ...providerRows(result, l10n),
    ...('rateLimits' in result ? Object.entries(result.rateLimits) : []),
  ];
  return [
    `# ${provider.problem === undefined ? l10n.t('{0} answered', id) : l10n.t('{0} did not answer', id)}`,
    '',
    ...(provider.problem === undefined ? [] : [`**${l10n.t('Why:')}** ${inline(provider.problem)}`, '']),
    ...(advice === undefined ? [] : [`**${l10n.t('What to do:')}** ${inline(advice)}`, '']),
    '| | |',
    '| --- | --- |',
    ...rows.map(([name, value]) => `| ${inline(name)} | ${inline(value)} |`),
    '',
  ].join('\n');
}

function timingRows({ timings }: SentAttempt, l10n: L10n): [string, string][] {
  const row = (name: string, ms: number | undefined): [string, string] => [
    name,
    ms === undefined ? l10n.t('not reached') : l10n.t('{0} ms', Math.round(ms)),
  ];
  return [
    row(l10n.t('Connected after'), timings.connectedMs),
    row(l10n.t('Headers after'), timings.headersMs),
    row(l10n.t('First content after'), timings.firstContentMs),
  ];
}

function quirkRows(known: TestedProvider['quirks'], result: CallResult, l10n: L10n): [string, string][] {
  const learnt = 'learntQuirks' in result ? result.learntQuirks : undefined;
  const words = (quirks: Readonly<Record<string, unknown>>) =>
    Object.entries(quirks)
      .map(([name, value]) => `${name}: ${String(value)}`)
      .join(', ');
  const row = (name: string, quirks: Readonly<Record<string, unknown>> = {}): [string, string][] =>
    Object.keys(quirks).length === 0 ? [] : [[name, words(quirks)]];
  return [...row(l10n.t('Quirks'), known), ...row(l10n.t('Quirks learnt from its errors'), learnt)];
}

/** What the provider's support asks for. */
function providerRows(result: CallResult, l10n: L10n): [string, string][] {
  const code = result.kind === 'failed' ? codeOf(result.failure) : undefined;
  const requestId = 'requestId' in result ? result.requestId : undefined;
  return [
    ...(code === undefined ? [] : [[l10n.t("Provider's error code"), code] as [string, string]]),
    ...(requestId === undefined ? [] : [[l10n.t("Provider's request ID"), requestId] as [string, string]]),
  ];
}

function usageRows({ usage, costSource }: CallResult & { kind: 'done' }, l10n: L10n): [string, string][] {
  const tokens = l10n.t(
    '{0} in ({1} cached), {2} out',
    usage.inputTokens,
    usage.cachedInputTokens,
    usage.outputTokens,
  );
  const cost =
    usage.costMicroUsd === undefined
      ? l10n.t('unknown: the model has no known price')
      : usage.costMicroUsd < 10_000
        ? `$${(usage.costMicroUsd / 1e6).toFixed(6)}`
        : formatAmount('usdPerDay', usage.costMicroUsd);
  return [
    [l10n.t('Tokens'), usage.estimated ? l10n.t('{0}, estimated', tokens) : tokens],
    [
      l10n.t('Cost'),
      usage.costMicroUsd === undefined || costSource === undefined
        ? cost
        : l10n.t('{0}, {1}', cost, costSourceWords(costSource, l10n)),
    ],
  ];
}

/** A text from outside as one table cell, shown as plain text. */
function inline(text: string): string {
  return shownText(text).replaceAll(/[\\`*_[\]<>|]/g, String.raw`\$&`);
}
