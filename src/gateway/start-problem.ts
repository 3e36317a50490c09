import * as z from 'zod';
import { parseJson } from '../shared/json.ts';
import { english, type L10n } from '../shared/l10n.ts';

const port = z.int().min(0).max(65_535);

const problemSchema = z.discriminatedUnion('kind', [
  /** Another program has it. */
  z.strictObject({ kind: z.literal('portInUse'), port }),
  /** `reason`: the system's own word for it. */
  z.strictObject({ kind: z.literal('cannotListen'), port, reason: z.string() }),
]);

/** Why the gateway cannot be served. */
export type StartProblem = z.infer<typeof problemSchema>;

/** The only place where it is worded. */
export function describeStartProblem(problem: StartProblem, l10n: L10n = english): string {
  switch (problem.kind) {
    case 'portInUse':
      return l10n.t(
        'Port {0} is in use by another program. Choose another port in callguard.gateway.port.',
        String(problem.port),
      );
    case 'cannotListen':
      return l10n.t('The gateway cannot listen on port {0}: {1}', String(problem.port), problem.reason);
  }
}

/** As windows tell it each other through the ledger, whatever language each of them speaks. */
export function storedProblem(problem: StartProblem): string {
  return JSON.stringify(problem);
}

/** The words for what another window has stored; as it stands there if it is of another version. */
export function describeStoredProblem(stored: string, l10n: L10n): string {
  const parsed = problemSchema.safeParse(parseJson(stored));
  return parsed.success ? describeStartProblem(parsed.data, l10n) : stored;
}
