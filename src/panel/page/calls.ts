import type { CallFilter, UsageReport, View } from '../panel-messages.ts';

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What narrows a report's calls down to those behind one number. */
export type Narrowed = Partial<Pick<CallFilter, 'provider' | 'model' | 'outcome' | 'reason'>>;

/** The calls of a time, of what the view lets through, narrowed down further. */
export function callsOf({ tenant, provider, model }: View, span: Span, narrowed: Narrowed = {}): CallFilter {
  return { fromMs: span.fromMs, toMs: span.toMs, tenant, provider, model, ...narrowed };
}

/** From the first bucket to the last; undefined without buckets. */
export function wholeSpan({ buckets }: UsageReport): Span | undefined {
  const [first, last] = [buckets.at(0), buckets.at(-1)];
  return first && last && { fromMs: first.fromMs, toMs: last.toMs };
}

/** The calls of a group. The ids of providers have no '/', those of models may have. */
export function callsOfGroup(name: string, stackBy: View['stackBy']): Narrowed {
  if (stackBy === 'provider') return { provider: name };
  const slash = name.indexOf('/');
  return { provider: name.slice(0, slash), model: name.slice(slash + 1) };
}

export function sameView(a: View, b: View): boolean {
  const keys = ['range', 'stackBy', 'tenant', 'provider', 'model'] as const;
  return keys.every((key) => a[key] === b[key]);
}
