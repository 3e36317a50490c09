import * as z from 'zod';
import { providerKind, type ProviderKind } from '../../../providers/config/catalogue.ts';
import { parseProvider, type ProviderConfig } from '../../../providers/config/provider-config.ts';
import type { ProviderEntry } from '../../../providers/config/provider-entry.ts';
import { english } from '../../../shared/l10n.ts';
import type { Secret } from '../../../shared/secret.ts';

/** The answers of the set-up so far. Nothing is stored before the last step. */
export interface SetUpDraft {
  /** Whether a provider with this id exists and is being edited. */
  readonly existing: boolean;
  readonly kind: ProviderKind;
  readonly id: string;
  /** Undefined for the one of the catalogue. */
  readonly baseUrl: string | undefined;
  /** Undefined to keep the stored key. Never empty. */
  readonly key: Secret | undefined;
  readonly models: readonly string[];
  /** The rest of the entry as the user wrote it, for example limits, timeouts and policy. */
  readonly rest: Readonly<Record<string, unknown>>;
  readonly makeDefault: boolean;
}

export const emptyDraft: SetUpDraft = {
  existing: false,
  kind: 'openai',
  id: '',
  baseUrl: undefined,
  key: undefined,
  models: [],
  rest: {},
  makeDefault: false,
};

const writtenSchema = z.looseObject({
  kind: z.string(),
  baseUrl: z.string().optional(),
  models: z.looseObject({ list: z.array(z.string()).optional() }).optional(),
});

/** A draft that starts from an entry of the settings. Undefined if the entry is broken. */
export function draftOf(id: string, entry: unknown): SetUpDraft | undefined {
  const config = parseProvider(id, entry);
  const written = writtenSchema.safeParse(entry);
  if ('problems' in config || !written.success) return undefined;
  const { kind, baseUrl, models, ...rest } = written.data;
  const { list, ...policy } = models ?? {};
  return {
    ...emptyDraft,
    existing: true,
    kind: config.kind,
    id,
    baseUrl,
    models: config.models,
    rest: Object.keys(policy).length === 0 ? rest : { ...rest, models: policy },
  };
}

/** The entry for the settings. */
export function entryOf(draft: SetUpDraft): ProviderEntry {
  const { models: policy, ...rest } = draft.rest;
  const models = { ...(typeof policy === 'object' ? policy : {}), list: [...draft.models] };
  const isSandbox = draft.kind === 'sandbox';
  return {
    kind: draft.kind,
    ...(draft.baseUrl === undefined || draft.baseUrl === providerKind(draft.kind).baseUrl
      ? {}
      : { baseUrl: draft.baseUrl }),
    ...(isSandbox ? {} : { models }),
    ...rest,
  };
}

/** The provider that the draft would become. Throws if it would be broken, because every step checks its part. */
export function configOf(draft: SetUpDraft): ProviderConfig {
  const config = parseProvider(draft.id, entryOf(draft));
  if ('problems' in config) {
    throw new Error(config.problems.map((problem) => problem(english)).join('; '));
  }
  return config;
}
