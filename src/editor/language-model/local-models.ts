import { isOwnServer } from '../../providers/config/own-server.ts';
import type { ListModels } from '../../providers/config/model-lister.ts';
import type { ProviderConfig } from '../../providers/config/provider-config.ts';
import type { KnownFacts } from '../../providers/pricing/model-facts.ts';
import { sleep, type Clock } from '../../shared/clock.ts';
import type { Log } from '../../shared/log.ts';
import type { Settings } from '../../settings/settings.ts';

interface LocalModelPorts {
  readonly listModels: ListModels;
  readonly facts: Pick<KnownFacts, 'served'>;
  readonly clock: Clock;
  readonly log: Pick<Log, 'error'>;
}

/** How long a list of models waits for local servers. What they answer later is in the next list. */
const waitMs = 1_500;
/** A server that did not answer is not asked again for this long. */
const askAgainMs = 60_000;

/**
 * Asks servers of the user's own about their models. Only the server knows the context size with which it loaded a
 * model.
 */
export class LocalModels {
  readonly #ports: LocalModelPorts;
  readonly #askedAtMs = new Map<string, number>();

  constructor(ports: LocalModelPorts) {
    this.#ports = ports;
  }

  /** Resolves when all have answered, but soon in any case. `onLate`: one has answered since. */
  async ask(settings: Settings, onLate: () => void): Promise<void> {
    const { clock } = this.#ports;
    const asked = [...settings.providers.usable.values()].filter((config) => this.#isUnknown(config));
    if (asked.length === 0) return;
    let isLate = false;
    const answers = Promise.all(
      asked.map(async (config) => {
        this.#askedAtMs.set(config.id, clock.monotonicMs());
        await this.#askOne(config);
        if (isLate) onLate();
      }),
    );
    await Promise.race([answers, sleep(clock, waitMs)]);
    isLate = true;
  }

  async #askOne(config: ProviderConfig): Promise<void> {
    try {
      // Only a prompt needs the server to run, so this is not an error for the user.
      await this.#ports.listModels({ config, draftKey: undefined });
    } catch (error) {
      this.#ports.log.error('A local server could not be asked for its models.', error);
    }
  }

  #isUnknown(config: ProviderConfig): boolean {
    if (!config.enabled || config.models.length === 0 || !isOwnServer(config)) return false;
    if (this.#ports.facts.served(config) !== undefined) return false;
    const askedAtMs = this.#askedAtMs.get(config.id);
    return askedAtMs === undefined || this.#ports.clock.monotonicMs() - askedAtMs >= askAgainMs;
  }
}
