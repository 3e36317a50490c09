import type { CallFilter, UsageReport, View } from '../panel-messages.ts';

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Limits a report's calls to those behind one number. */
export type Narrowed = Partial<Pick<CallFilter, 'provider' | 'model' | 'outcome' | 'reason'>>;

/** The calls of a time range, limited by the view's filters and further. */
export function callsOf({ tenant, provider, model }: View, span: Span, narrowed: Narrowed = {}): CallFilter {
  return { fromMs: span.fromMs, toMs: span.toMs, tenant, provider, model, ...narrowed };
}

/** From the first bucket to the last; undefined if there is none. */
export function wholeSpan({ buckets }: UsageReport): Span | undefined {
  const [first, last] = [buckets.at(0), buckets.at(-1)];
  return first && last && { fromMs: first.fromMs, toMs: last.toMs };
}

/** The calls of a group. Ids of providers contain no '/'; ids of models may. */
export function callsOfGroup(name: string, stackBy: View['stackBy']): Narrowed {
  if (stackBy === 'provider') return { provider: name };
  const slash = name.indexOf('/');
  return { provider: name.slice(0, slash), model: name.slice(slash + 1) };
}

export function sameView(a: View, b: View): boolean {
  const keys = ['range', 'stackBy', 'tenant', 'provider', 'model'] as const;
  return keys.every((key) => a[key] === b[key]);
}
