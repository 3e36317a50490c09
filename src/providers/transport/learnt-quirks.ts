import type { Outcome } from '../../guard/outcome.ts';
import { providerKind } from '../config/catalogue.ts';
import type { ProviderConfig } from '../config/provider-config.ts';
import type { OutputLimitName, Quirks } from '../dialects/quirks.ts';
import { learningLimits } from '../../shared/limits.ts';

const usualQuirks: Quirks = {
  streamOptions: true,
  outputLimit: 'max_tokens',
  systemRole: true,
  temperature: true,
};

/** What a request has that the client did not ask for in this form. Only that may change in another attempt. */
export interface OwnFields {
  /** The request asks for usage with `stream_options`. */
  readonly asksForUsage: boolean;
  /** The name under which it has a limit of output tokens. */
  readonly outputLimit?: OutputLimitName | undefined;
  /** It has messages of the role `system`. */
  readonly systemRole: boolean;
}

/** What the catalogue and the settings say of a provider. */
export function knownQuirks({ kind, quirks }: ProviderConfig): Quirks {
  const chosen = Object.entries(quirks).filter(([, value]) => value !== undefined);
  return { ...usualQuirks, ...providerKind(kind).quirks, ...Object.fromEntries(chosen) };
}

/** Those that differ from the usual ones. */
export function unusualQuirks(config: ProviderConfig): Partial<Quirks> {
  const known = Object.entries(knownQuirks(config));
  return Object.fromEntries(known.filter(([name, value]) => usualQuirks[name as keyof Quirks] !== value));
}

/**
 * What servers were seen to refuse, by the fingerprint of their settings: in memory, and forgotten with it. A setting
 * that the user chose is never overruled.
 */
export class LearntQuirks {
  readonly #learnt = new Map<string, Partial<Quirks>>();

  of(config: ProviderConfig, fingerprint: string): Quirks {
    return { ...knownQuirks(config), ...this.#learnt.get(fingerprint) };
  }

  /** What differs from the settings and the catalogue; undefined if nothing does. */
  learntOf(fingerprint: string): Partial<Quirks> | undefined {
    return this.#learnt.get(fingerprint);
  }

  /** Whether another attempt is worth its while: a field of Callguard's own was refused, and is sent in another way now. */
  learn(config: ProviderConfig, fingerprint: string, outcome: Outcome, own: OwnFields): boolean {
    if (outcome.kind !== 'http' || outcome.refusedFields === undefined) return false;
    const before = this.#learnt.get(fingerprint) ?? {};
    const found = Object.entries(instead(outcome.refusedFields, own)).filter(
      // Nothing is learnt twice: a server that refuses both names of a limit would be asked forever.
      ([name]) => config.quirks[name as keyof Quirks] === undefined && !(name in before),
    );
    if (found.length === 0) return false;
    if (this.#learnt.size >= learningLimits.providers) this.#learnt.clear();
    this.#learnt.set(fingerprint, { ...before, ...Object.fromEntries(found) });
    return true;
  }
}

function instead(refused: readonly string[], own: OwnFields): Partial<Quirks> {
  const { asksForUsage, outputLimit, systemRole } = own;
  return {
    ...(asksForUsage && refused.includes('stream_options') ? { streamOptions: false } : {}),
    ...(systemRole && refused.includes('system') ? { systemRole: false } : {}),
    ...(outputLimit !== undefined && refused.includes(outputLimit)
      ? { outputLimit: outputLimit === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens' }
      : {}),
  };
}
