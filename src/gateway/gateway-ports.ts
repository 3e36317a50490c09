import type { Guard } from '../guard/guard.ts';
import type { ProviderConfig } from '../providers/config/provider-config.ts';
import type { ProviderEntry } from '../providers/config/provider-entry.ts';
import type { Clock } from '../shared/clock.ts';
import type { Result } from '../shared/result.ts';
import type { GatewaySettings } from './requests/model-names.ts';
import type { Runaway } from './sessions.ts';
import type { TokenBook } from './tokens/tokens.ts';

/** The parts of other rooms that the gateway needs. */
export interface GatewayPorts {
  readonly guard: Pick<Guard, 'run'>;
  /** The current settings. */
  readonly settings: () => GatewaySettings;
  readonly tokens: Pick<TokenBook, 'rowOf'>;
  readonly management: ManagementPort;
  readonly clock: Clock;
  /** A session of a tool may run in a loop. Called once for each session. */
  readonly onRunaway: (runaway: Runaway) => void;
  /** A translated request or its answer did not carry all. */
  readonly onLosses?: (target: string, losses: readonly string[]) => void;
  /** Receives bugs and errors of the ports. They contain no prompt and no reply. */
  readonly onTrouble: (error: unknown) => void;
}

/** The documents of the management routes, ready to send as JSON, and their two actions. */
export interface ManagementPort {
  status(): Promise<object>;
  /** In Prometheus' text format. */
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
  /** An error describes what is wrong with the query. */
  usageStats(query: URLSearchParams): Promise<Result<object, string>>;
  providerStatus(): Promise<object>;
  /** Sends one small request through the guard, to the provider's first model if no model is given. */
  test(provider: string, model: string | undefined, signal: AbortSignal): Promise<object>;
  /** Undefined if there is no user to ask. */
  readonly configure: ConfigurePort | undefined;
}

/** Sets up a provider if the user agrees. */
export interface ConfigurePort {
  /** Shows the settings to the user. Returns false if the user declines. */
  confirm(config: ProviderConfig, entry: ProviderEntry, signal: AbortSignal): Promise<boolean>;
  save(id: string, entry: ProviderEntry): Promise<void>;
}
