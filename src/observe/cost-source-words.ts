import type { CostSource } from '../guard/ledger-port.ts';
import type { L10n } from '../shared/l10n.ts';
import { assertNever } from '../shared/result.ts';

/** Where a cost comes from, for users. */
export function costSourceWords(source: CostSource, l10n: L10n): string {
  switch (source) {
    case 'provider':
      return l10n.t('reported by the provider');
    case 'settings':
      return l10n.t('by the price in your settings');
    case 'priceList':
      return l10n.t('by the public price list');
    case 'free':
      return l10n.t('free');
    case 'unknown':
      return l10n.t('unknown');
    default:
      return assertNever(source);
  }
}
