import * as z from 'zod';
import { issuesAt } from '../shared/zod-issues.ts';
import { placed, type Wording } from '../shared/l10n.ts';
import { settingsLimits } from '../shared/limits/settings-limits.ts';
import { isZone } from './days.ts';

/** How long rows are kept, and how long windows wait. */
export interface LedgerSettings {
  /** Usage is kept by day for this time, and then by month. */
  readonly usageDays: number;
  /** Older audit rows are replaced by a signed checkpoint. */
  readonly auditDays: number;
  /** How long a hold lasts without renewal. After that its window counts as dead. */
  readonly holdMs: number;
  /** How long a write waits for other windows before it fails, and the call is refused. */
  readonly patienceMs: number;
}

/** The days of a month are added up only after the month is over. */
const shortestUsageDays = 31;

const schema = z.strictObject({
  usageDays: z.int().min(shortestUsageDays).max(settingsLimits.keptDays).default(400),
  auditDays: z.int().min(1).max(settingsLimits.keptDays).default(90),
  holdMinutes: z.number().min(1).max(settingsLimits.holdMinutes).default(10),
  patience: z.number().min(0.1).max(settingsLimits.patienceSeconds).default(2),
});

export const defaultLedgerSettings: LedgerSettings = settingsOf(schema.parse({}));

/** Reads `callguard.ledger`. If any part is invalid, all defaults apply, and each problem names its place. */
export function parseLedgerSettings(setting: unknown): { settings: LedgerSettings; problems: Wording[] } {
  const parsed = schema.safeParse(setting ?? {});
  if (parsed.success) return { settings: settingsOf(parsed.data), problems: [] };
  const problems = issuesAt('callguard.ledger', parsed.error).map(
    (problem): Wording =>
      (l10n) =>
        l10n.t('{0}; using the defaults', problem(l10n)),
  );
  return { settings: defaultLedgerSettings, problems };
}

/** Reads `callguard.timeZone`. If the zone is unknown, the zone of the system applies. */
export function parseTimeZone(setting: unknown): { zone: string | undefined; problems: Wording[] } {
  // VS Code uses null for a setting that is absent.
  if ((setting ?? '') === '') return { zone: undefined, problems: [] };
  if (typeof setting === 'string' && isZone(setting)) return { zone: setting, problems: [] };
  const problem = placed('callguard.timeZone', (l10n) =>
    l10n.t('must be a time zone such as {0}; using the system time zone', 'Europe/Berlin'),
  );
  return { zone: undefined, problems: [problem] };
}

function settingsOf({ usageDays, auditDays, holdMinutes, patience }: z.infer<typeof schema>): LedgerSettings {
  return { usageDays, auditDays, holdMs: holdMinutes * 60_000, patienceMs: patience * 1_000 };
}
