import * as z from 'zod';
import { parseJson } from '../shared/json.ts';
import { english, type L10n } from '../shared/l10n.ts';
import { settingsLimits } from '../shared/limits.ts';

const port = z.int().min(0).max(settingsLimits.port);

const problemSchema = z.discriminatedUnion('kind', [
  /** Another program uses the port, or the system keeps it. */
  z.strictObject({ kind: z.literal('portInUse'), port }),
  /** `reason` is the system's error message. */
  z.strictObject({ kind: z.literal('cannotListen'), port, reason: z.string() }),
]);

/** Why the gateway cannot start. */
export type StartProblem = z.infer<typeof problemSchema>;

/** Windows answers EACCES for the ports that it reserves for Hyper-V. */
const takenCodes: readonly unknown[] = ['EADDRINUSE', 'EACCES'];

/** Translates an error of `listen`. */
export function startProblemOf(error: Error, port: number): StartProblem {
  const isTaken = 'code' in error && takenCodes.includes(error.code);
  return isTaken ? { kind: 'portInUse', port } : { kind: 'cannotListen', port, reason: error.message };
}

/** The only wording of a start problem. */
export function describeStartProblem(problem: StartProblem, l10n: L10n = english): string {
  switch (problem.kind) {
    case 'portInUse':
      return l10n.t(
        'Port {0} is in use by another program or reserved by the system. Choose another port in callguard.gateway.port.',
        String(problem.port),
      );
    case 'cannotListen':
      return l10n.t('The gateway cannot listen on port {0}: {1}', String(problem.port), problem.reason);
  }
}

/** The form in the ledger. Each window words it in its own language. */
export function storedProblem(problem: StartProblem): string {
  return JSON.stringify(problem);
}

/** Words a stored problem. A problem of an unknown version is returned as it is stored. */
export function describeStoredProblem(stored: string, l10n: L10n): string {
  const parsed = problemSchema.safeParse(parseJson(stored));
  return parsed.success ? describeStartProblem(parsed.data, l10n) : stored;
}
