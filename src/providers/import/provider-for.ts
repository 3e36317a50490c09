import type { Wording } from '../../shared/l10n.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { keyFacts } from '../config/catalogue-keys.ts';
import { providerKinds } from '../config/catalogue.ts';
import { isKind } from '../config/legacy-binding.ts';
import { parseBaseUrl } from '../../vault/key-origin.ts';
import { parseProvider, type ProviderConfig, type Providers } from '../config/provider-config.ts';

/** The kinds by the other names that sources use for them. */
const kindOfName: ReadonlyMap<string, string> = new Map(
  providerKinds.flatMap((kind) => (keyFacts(kind).otherNames ?? []).map((name) => [name, kind] as const)),
);

export interface FoundProvider {
  readonly config: ProviderConfig;
  /** The settings do not have it yet. */
  readonly isNew: boolean;
}

/**
 * The provider that a source means by a name: the one with this id, else the only one of this kind, else a new one of
 * this kind, at the catalogue's address.
 */
export function providerFor(name: string, providers: Providers): Result<FoundProvider, Wording> {
  const isBroken = (id: string) => err<Wording>((l10n) => l10n.t('the settings of {0} are invalid', id));
  const spelled = name
    .trim()
    .toLowerCase()
    .replaceAll(/[_\s]+/g, '-');
  for (const id of [name, spelled]) {
    const config = providers.usable.get(id);
    if (config !== undefined) return ok({ config, isNew: false });
    if (providers.broken.some((broken) => broken.id === id)) return isBroken(id);
  }
  const kind = kindOfName.get(spelled) ?? spelled;
  const ofKind = [...providers.usable.values()].filter((config) => config.kind === kind);
  const [only, another] = ofKind;
  if (only !== undefined && another === undefined) return ok({ config: only, isNew: false });
  if (another !== undefined)
    return err((l10n) =>
      l10n.t('several providers are of kind {0}: {1}', kind, ofKind.map(({ id }) => id).join(', ')),
    );
  if (!isKind(kind)) return err((l10n) => l10n.t("there is no provider '{0}'", name));
  if (providers.broken.some(({ id }) => id === kind)) return isBroken(kind);
  const config = parseProvider(kind, { kind });
  // If only the user knows the address, the key cannot be bound to an origin.
  if ('problems' in config) return err((l10n) => l10n.t('set up {0} first', kind));
  return ok({ config, isNew: true });
}

/** The same for a key that the source has for an address: only a provider at that address gets it. */
export function providerAt(
  address: string,
  name: string,
  providers: Providers,
): Result<FoundProvider, Wording> {
  const parsed = parseBaseUrl(address);
  // It is not quoted, because it may have a password.
  if (!parsed.ok) return err((l10n) => l10n.t('the address beside it is not one for a provider'));
  const { origin } = parsed.value;
  const named = providerFor(name, providers);
  if (named.ok && named.value.config.origin === origin) return named;
  const [only, another] = [...providers.usable.values()].filter((config) => config.origin === origin);
  if (only !== undefined && another === undefined) return ok({ config: only, isNew: false });
  return err((l10n) =>
    another === undefined
      ? l10n.t('it is for {0}. Set up a provider with this address first', origin)
      : l10n.t('it is for {0}, and several providers have this address', origin),
  );
}
