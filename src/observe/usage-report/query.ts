import type { CallProperties, CapScope } from '../../guard/caps.ts';
import type { Moment } from '../../ledger/readers.ts';
import type { GuardSettings } from '../../providers/rules/rulebook.ts';
import type { ProviderConfig } from '../../providers/config/provider-config.ts';

/** What the user chose to see. */
export interface UsageView {
  readonly range: '24h' | '7d' | '30d' | '90d';
  /** What the charts' bars are split by. */
  readonly stackBy: 'provider' | 'model';
  readonly tenant?: string | undefined;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
}

/** The settings that a report shows. */
export interface ReportSettings extends Pick<GuardSettings, 'limits' | 'workspaceLimits'> {
  readonly providers: readonly Pick<ProviderConfig, 'id' | 'limits' | 'models'>[];
  /** The tenant of this window's calls. */
  readonly tenant: string;
}

/** The moment of the ledger at which a report is read. */
export interface ReportQuery extends Moment {
  readonly view: UsageView;
  readonly settings: ReportSettings;
}

/** The filters of a view. */
export function scopeOf({ tenant, provider, model }: UsageView): CapScope {
  return {
    ...(tenant === undefined ? {} : { tenant }),
    ...(provider === undefined ? {} : { provider }),
    ...(model === undefined ? {} : { model }),
  };
}

/** Whether a scope includes a call's tenant, provider and model. */
export function isWithin(target: CallProperties, scope: CapScope): boolean {
  const names = ['tenant', 'provider', 'model'] as const;
  return names.every((name) => (scope[name] ?? target[name]) === target[name]);
}
