import {
  english,
  formatDecimal,
  formatNumber,
  formatUsd,
  placed,
  type L10n,
  type Wording,
} from '../shared/l10n.ts';
import { knownMicroUsd, type CostSums } from './known-cost.ts';

/** What the status bar can show, in this order. */
export const statusItems = ['health', 'requests', 'tokens', 'cost'] as const;

export type StatusItem = (typeof statusItems)[number];

const usual: readonly StatusItem[] = ['health', 'requests'];

/** Reads `callguard.statusBar`. The default replaces a value that cannot be read. */
export function parseStatusItems(setting: unknown): { items: readonly StatusItem[]; problems: Wording[] } {
  if (setting === undefined) return { items: usual, problems: [] };
  if (!Array.isArray(setting) || setting.some((item) => !statusItems.includes(item as StatusItem))) {
    const problem = placed('callguard.statusBar', (l10n) =>
      l10n.t('must be a list of any of these: {0}', statusItems.join(', ')),
    );
    return { items: usual, problems: [problem] };
  }
  return { items: statusItems.filter((item) => setting.includes(item)), problems: [] };
}

/** '1,234', '12.3k', '4.5M': a short count. */
export function shortCount(count: number, l10n: L10n = english): string {
  if (count < 10_000) return formatNumber(count, l10n);
  const [size, letter] = count < 999_950 ? [1e3, 'k'] : [1e6, 'M'];
  return formatDecimal(count / size, l10n) + letter;
}

/** '$0.35'; '> $0.35' if the cost of some calls is unknown; undefined if the cost of all calls is. */
export function knownCost(sums: CostSums, l10n: L10n = english): string | undefined {
  const microUsd = knownMicroUsd(sums);
  if (microUsd === null) return undefined;
  const dollars = microUsd / 1e6;
  const text = formatUsd(dollars > 0 && dollars < 0.01 ? 0.01 : dollars, l10n);
  if (sums.unknownCost > 0) return `> ${text}`;
  return dollars > 0 && dollars < 0.01 ? `< ${text}` : text;
}
