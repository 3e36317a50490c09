import type { UsageReport, View } from '../../../src/panel/panel-messages.ts';

const dayMs = 86_400_000;
const begin = Date.UTC(2026, 9, 25);

export const initialView: View = { range: '7d', stackBy: 'provider' };

export const hostile = {
  html: '<img src=x onerror="document.title=\'gone\'">',
  markdown: '[click](command:workbench.action.quit) **bold** `code`',
  rightToLeft: 'safe\u202Egnp.exe',
} as const;

/** Numbers that look like some, and are the same each time. */
function wave(seed: number, at: number, height: number): number {
  const share = (Math.sin(seed * 12.9898 + at * 4.1414) + 1) / 2;
  const weekend = [0, 6].includes(new Date(begin + at * dayMs).getUTCDay()) ? 0.3 : 1;
  return Math.round(height * weekend * (0.25 + 0.75 * share));
}

const heights: Readonly<Record<string, number>> = {
  anthropic: 420,
  openai: 310,
  'azure-eu': 180,
  groq: 90,
  ollama: 60,
  sandbox: 12,
};

/** A report of so many days, busy in all of them. */
export function busyReport({
  days = 30,
  view = {},
}: { days?: number; view?: Partial<View> } = {}): UsageReport {
  const range = days === 90 ? '90d' : days === 7 ? '7d' : '30d';
  const buckets = Array.from({ length: days }, (_, index) => {
    const fromMs = begin + index * dayMs;
    return { label: new Date(fromMs).toISOString().slice(0, 10), fromMs, toMs: fromMs + dayMs };
  });
  const at = buckets.map((_, index) => index);
  const names = Object.keys(heights);
  const group = (name: string | undefined, seed: number, height: number) => ({
    name,
    requests: at.map((day) => wave(seed, day, height)),
    tokens: at.map((day) => wave(seed, day, height) * 2_350),
    costMicroUsd: at.map((day) => wave(seed, day, height) * 4_210),
  });
  const percentiles = (p50: number, p95: number) => ({
    p50: at.map((day) => (day === 4 ? null : p50 + wave(1, day, p50))),
    p95: at.map((day) => (day === 4 ? null : p95 + wave(2, day, p95))),
  });
  const today = buckets.at(-1);
  if (today === undefined) throw new RangeError('a report has one day at least');
  return {
    view: { ...initialView, range, ...view },
    nowMs: today.fromMs + 14 * 3_600_000,
    empty: false,
    choices: { tenants: ['default', 'research'], providers: names, models: ['large', 'small'] },
    today: { fromMs: today.fromMs, toMs: today.toMs },
    tiles: [
      {
        kind: 'requests',
        value: 850,
        cap: { kind: 'requestsPerDay', limit: 1_000, used: 850, scope: { tenant: 'default' } },
      },
      {
        kind: 'tokens',
        value: 1_234_567,
        cap: { kind: 'tokensPerDay', limit: 5_000_000, used: 1_250_000, scope: { provider: 'anthropic' } },
      },
      {
        kind: 'cost',
        value: 5_020_000,
        unknown: 12,
        cap: { kind: 'usdPerDay', limit: 5_000_000, used: 5_020_000, scope: { provider: 'openai' } },
      },
      { kind: 'success', value: 98.4 },
    ],
    buckets,
    groups: [
      ...names.map((name, index) => group(name, index + 1, heights[name] ?? 0)),
      group(undefined, names.length + 1, 25),
    ],
    partial: false,
    duration: percentiles(1_400, 5_200),
    firstContent: percentiles(380, 1_100),
    refusals: [
      { reason: 'cap', count: 41 },
      { reason: 'circuit', count: 17 },
      { reason: 'policy', count: 5 },
      { reason: 'somethingNew', count: 1 },
    ],
    models: names.flatMap((provider, index) =>
      ['large', 'small'].map((model, size) => ({
        provider,
        model,
        requests: 9_000 - index * 1_100 - size * 450,
        succeeded: 8_900 - index * 1_120 - size * 450,
        // Of the larger ones what did not succeed was cancelled.
        failed: size === 0 ? 0 : 100 + 20 * index,
        inputTokens: 18_000_000 - index * 2_000_000,
        cachedInputTokens: index === 0 ? 9_100_000 : 0,
        outputTokens: 3_200_000 - index * 400_000,
        costMicroUsd: provider === 'ollama' ? 0 : 41_000_000 - index * 6_000_000 - size * 5_000_000,
        unknownCost: provider === 'ollama' ? 99_999 : provider === 'groq' ? 12 : 0,
        durationP50Ms: 1_200 + index * 90,
        durationP95Ms: provider === 'sandbox' ? null : 5_000 + index * 400,
      })),
    ),
    callers: ['claude', 'codex', 'other', 'curl'].map((name, index) => ({
      name,
      requests: 7_000 - index * 1_900,
      inputTokens: 15_000_000 - index * 4_000_000,
      outputTokens: 2_400_000 - index * 700_000,
      costMicroUsd: name === 'curl' ? 0 : 36_000_000 - index * 11_000_000,
      unknownCost: name === 'curl' ? 99_999 : name === 'codex' ? 3 : 0,
    })),
  };
}

/** No provider at all. */
export function emptyReport(): UsageReport {
  return { ...withoutCalls(), empty: true };
}

/** Providers, and nobody who calls them. */
export function withoutCalls(view: Partial<View> = {}): UsageReport {
  const { buckets, ...report } = busyReport({ days: 7, view });
  const none = buckets.map(() => null);
  return {
    ...report,
    buckets,
    tiles: [
      { kind: 'requests', value: 0 },
      { kind: 'tokens', value: 0 },
      { kind: 'cost', value: null },
      { kind: 'success', value: null },
    ],
    groups: [],
    duration: { p50: none, p95: none },
    firstContent: { p50: none, p95: none },
    refusals: [],
    models: [],
    callers: [],
  };
}

/** Every name comes from somebody who means harm. */
export function hostileReport(): UsageReport {
  const report = busyReport({ days: 7 });
  const [first, second, third] = report.groups;
  const [model, ...models] = report.models;
  if (first === undefined || second === undefined || third === undefined || model === undefined) {
    throw new Error('the report is not busy');
  }
  return {
    ...report,
    choices: { tenants: [hostile.html], providers: [hostile.markdown], models: [hostile.rightToLeft] },
    tiles: [
      {
        kind: 'requests',
        value: 3,
        cap: { kind: 'requestsPerDay', limit: 9, used: 3, scope: { tenant: hostile.html } },
      },
    ],
    groups: [
      { ...first, name: hostile.html },
      { ...second, name: hostile.markdown },
      { ...third, name: hostile.rightToLeft },
    ],
    refusals: [{ reason: hostile.html, count: 2 }],
    models: [
      { ...model, provider: hostile.html, model: hostile.rightToLeft },
      { ...model, provider: hostile.markdown, model: 'مرحبا/نموذج' },
      ...models,
    ],
  };
}
