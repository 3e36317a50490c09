import { modelHosts } from './catalogue-hosts.ts';
import { localServers } from './catalogue-local.ts';
import { modelMakers } from './catalogue-makers.ts';
import {
  anthropicMessages,
  bearer,
  chat,
  chatAndResponses,
  type CatalogueRow,
  type Dialect,
} from './catalogue-row.ts';

/**
 * The kinds of provider, in the order in which the user sees them. Base URLs, headers and key shapes are as the
 * providers' own documentation gives them (2026-11).
 */
export const catalogue = {
  ...modelMakers,
  ...modelHosts,
  ...localServers,
  'openai-compatible': { ...chatAndResponses, label: 'OpenAI-compatible', key: 'optional' },
  'anthropic-compatible': { ...anthropicMessages, label: 'Anthropic-compatible', key: 'optional' },
  editor: {
    label: 'Another model in VS Code',
    dialect: 'editor',
    noAddress: true,
    key: 'none',
    keyHeader: bearer,
  },
  sandbox: { ...chat, label: 'Sandbox (no key, no network)', noAddress: true, key: 'none', isFree: true },
} as const satisfies Record<string, CatalogueRow>;

export type ProviderKind = keyof typeof catalogue;

export const providerKinds = Object.keys(catalogue) as [ProviderKind, ...ProviderKind[]];

export function providerKind(kind: ProviderKind): CatalogueRow {
  return catalogue[kind];
}

/** Every dialect that a kind supports, the default first. */
export function dialectsOf(kind: ProviderKind): readonly Dialect[] {
  const { dialect, alsoSpeaks = [] } = providerKind(kind);
  return [dialect, ...alsoSpeaks];
}

/** The dialects that settings can choose: those of kinds that support several. */
export const choosableDialects = [
  ...new Set(
    providerKinds
      .map(dialectsOf)
      .filter(({ length }) => length > 1)
      .flat(),
  ),
] as [Dialect, ...Dialect[]];
