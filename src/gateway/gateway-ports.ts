import type { Guard } from '../guard/guard.ts';
import type { ProviderConfig } from '../providers/config/provider-config.ts';
import type { ProviderEntry } from '../providers/config/provider-entry.ts';
import type { Clock } from '../shared/clock.ts';
import type { Result } from '../shared/result.ts';
import type { GatewaySettings } from './model-names.ts';
import type { TokenBook } from './tokens.ts';

/** What the gateway needs of the rest of the house. */
export interface GatewayPorts {
  readonly guard: Pick<Guard, 'run'>;
  /** As they are now. */
  readonly settings: () => GatewaySettings;
  readonly tokens: Pick<TokenBook, 'grantOf'>;
  readonly management: ManagementPort;
  readonly clock: Clock;
  /** Told of bugs and of trouble with the ports; never with anything of a prompt or a reply. */
  readonly onTrouble: (error: unknown) => void;
}

/** The documents of the management contract, ready to be sent as JSON, and its two acts. */
export interface ManagementPort {
  status(): Promise<object>;
  /** In Prometheus' text format. */
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
  /** An error says what is wrong with the query. */
  usageStats(query: URLSearchParams): Promise<Result<object, string>>;
  providerStatus(): Promise<object>;
  /** One small request through the guard, to the provider's first model if none is named. */
  test(provider: string, model: string | undefined, signal: AbortSignal): Promise<object>;
  /** Undefined where no user can be asked. */
  readonly configure: ConfigurePort | undefined;
}

/** Sets up a provider if the user agrees. */
export interface ConfigurePort {
  /** Shows the user what would be saved; false if the user declines. */
  confirm(config: ProviderConfig, entry: ProviderEntry, signal: AbortSignal): Promise<boolean>;
  save(id: string, entry: ProviderEntry): Promise<void>;
}
