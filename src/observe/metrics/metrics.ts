import { Counter, Gauge, Registry } from 'prom-client';
import type { ProviderDocument, StatusDocument } from '../../api.ts';
import type { Counters } from '../../ledger/readers.ts';
import { durationBounds, firstContentBounds } from '../../ledger/counters.ts';
import { unknownProvider } from '../../ledger/sqlite-ledger.ts';
import { LedgerHistogram } from './ledger-histogram.ts';

export interface MetricsSnapshot {
  readonly status: StatusDocument;
  readonly counters: ReadonlyMap<string, Counters>;
}

const none: Counters = new Map();
const circuitValues = { closed: 0, open: 1, half_open: 2 } as const;

/**
 * The metrics in Prometheus' text format. Labels are bounded: configured providers, and closed sets of reasons. Load
 * this file with `await import()` only, because activation must not load a metrics library.
 */
export async function metricsText({ status, counters }: MetricsSnapshot): Promise<string> {
  const registry = new Registry();
  const providers = new Map(status.providers.map(({ name }) => [name, counters.get(name) ?? none]));
  const refusing = new Map([...providers, [unknownProvider, counters.get(unknownProvider) ?? none]]);
  for (const total of totals) addTotal(registry, total, providers);
  addReasons(registry, 'llm_failures_total', 'Failed requests, by reason.', 'failure', providers);
  addReasons(registry, 'llm_refusals_total', 'Calls refused by the guard, by reason.', 'refusal', refusing);
  addTokens(registry, providers);
  for (const gauge of gauges) addGauge(registry, gauge, status.providers);
  addKeyState(registry, status.providers);
  const histograms = [
    new LedgerHistogram(
      {
        name: 'llm_request_duration_seconds',
        help: 'Duration of successful calls, including retries.',
        bounds: durationBounds,
        series: 'duration',
        sum: 'durationMs',
      },
      providers,
    ),
    new LedgerHistogram(
      {
        name: 'llm_time_to_first_token_seconds',
        help: 'Time to the first content in the last attempt of successful calls.',
        bounds: firstContentBounds,
        series: 'firstContent',
        sum: 'firstContentMs',
      },
      providers,
    ),
  ];
  for (const histogram of histograms) registry.registerMetric(histogram);
  if (status.ledger.audit_head !== null) {
    const help = 'Number of the latest row in the audit trail.';
    new Gauge({ name: 'llm_audit_head', help, registers: [registry] }).set(status.ledger.audit_head);
  }
  return registry.metrics();
}

interface Total {
  readonly name: string;
  readonly help: string;
  readonly of: (counters: Counters) => number;
}

const named = (name: string, help: string, counter: string, unit = 1): Total => ({
  name,
  help,
  of: (counters) => (counters.get(counter) ?? 0) / unit,
});

const totals: readonly Total[] = [
  named('llm_requests_total', 'Requests sent.', 'requests'),
  named('llm_failure_count', 'Requests that failed.', 'failed'),
  named('llm_requests_succeeded_total', 'Requests that succeeded.', 'succeeded'),
  named('llm_retries_total', 'Retries of failed attempts.', 'retries'),
  named('llm_cached_input_tokens_total', 'Input tokens read from a cache.', 'cachedInputTokens'),
  named('llm_cost_usd_total', 'Cost in US dollars of models with a known price.', 'costMicroUsd', 1e6),
  named('llm_unpriced_requests_total', 'Requests with an unknown cost.', 'unknownCost'),
];

function addTotal(registry: Registry, total: Total, providers: ReadonlyMap<string, Counters>): void {
  const { name, help } = total;
  const counter = new Counter({ name, help, labelNames: ['provider'], registers: [registry] });
  for (const [provider, counters] of providers) counter.inc({ provider }, total.of(counters));
}

function addReasons(
  registry: Registry,
  name: string,
  help: string,
  series: 'failure' | 'refusal',
  providers: ReadonlyMap<string, Counters>,
): void {
  const counter = new Counter({ name, help, labelNames: ['provider', 'reason'], registers: [registry] });
  for (const [provider, counters] of providers) {
    for (const [key, value] of counters) {
      const [kind, reason] = key.split(':');
      if (kind === series && reason !== undefined) counter.inc({ provider, reason }, value);
    }
  }
}

function addTokens(registry: Registry, providers: ReadonlyMap<string, Counters>): void {
  const counter = new Counter({
    name: 'llm_tokens_total',
    help: 'Tokens, including cached tokens.',
    labelNames: ['provider', 'direction'],
    registers: [registry],
  });
  for (const [provider, counters] of providers) {
    counter.inc({ provider, direction: 'input' }, counters.get('inputTokens') ?? 0);
    counter.inc({ provider, direction: 'output' }, counters.get('outputTokens') ?? 0);
  }
}

interface ProviderGauge {
  readonly name: string;
  readonly help: string;
  /** Null omits the series. */
  readonly of: (provider: ProviderDocument) => number | null;
}

const gauges: readonly ProviderGauge[] = [
  {
    name: 'llm_circuit_state',
    help: 'State of the circuit: 0 closed, 1 open, 2 half-open.',
    of: (provider) => circuitValues[provider.circuit_state],
  },
  {
    name: 'llm_rate_limit_remaining',
    help: "Requests left for tenant 'default' under its tightest daily cap.",
    of: (provider) => provider.rate_limit_remaining,
  },
  {
    name: 'llm_tokens_remaining',
    help: "Tokens left for tenant 'default' under its tightest daily cap.",
    of: (provider) => provider.tokens_remaining,
  },
  {
    name: 'llm_provider_active',
    help: '1 if the provider is enabled, not paused, and its key is usable, else 0.',
    of: ({ active }) => (active ? 1 : 0),
  },
  { name: 'llm_held_requests', help: 'Calls in progress.', of: ({ holds }) => holds.requests },
  { name: 'llm_held_tokens', help: 'Tokens reserved by calls in progress.', of: ({ holds }) => holds.tokens },
  {
    name: 'llm_held_cost_usd',
    help: 'US dollars reserved by calls in progress.',
    of: ({ holds }) => holds.cost_usd,
  },
];

function addGauge(registry: Registry, gauge: ProviderGauge, providers: readonly ProviderDocument[]): void {
  const { name, help } = gauge;
  const made = new Gauge({ name, help, labelNames: ['provider'], registers: [registry] });
  for (const provider of providers) {
    const value = gauge.of(provider);
    if (value !== null) made.set({ provider: provider.name }, value);
  }
}

function addKeyState(registry: Registry, providers: readonly ProviderDocument[]): void {
  const gauge = new Gauge({
    name: 'llm_key_state',
    help: 'State of the key as a label. The value is always 1.',
    labelNames: ['provider', 'state'],
    registers: [registry],
  });
  for (const { name, key_state: state } of providers) {
    if (state !== null) gauge.set({ provider: name, state }, 1);
  }
}
