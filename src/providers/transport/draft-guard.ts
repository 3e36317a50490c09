import type { Guard } from '../../guard/guard.ts';
import type { Redactor } from '../../redaction/redact.ts';
import type { ProviderTarget, ResolvedProvider, Resolver } from '../rules/resolver.ts';

/** For a provider under set-up: a guard that sends every call to that provider, whatever the settings say. */
export type DraftGuard = (draft: ResolvedProvider) => Pick<Guard, 'run'>;

/** The draft's key is redacted for as long as a call to it runs. */
export function createDraftGuard(
  guard: Pick<Guard<ProviderTarget>, 'run'>,
  resolver: Pick<Resolver, 'resolveDraft'>,
  redactor: Pick<Redactor, 'register'>,
): DraftGuard {
  return (draft) => ({
    run: async function* (call) {
      const registered = draft.draftKey && redactor.register(draft.draftKey.reveal());
      try {
        return yield* guard.run(call, resolver.resolveDraft(draft));
      } finally {
        registered?.dispose();
      }
    },
  });
}
