import * as z from 'zod';
import { issuesAt } from '../shared/zod-issues.ts';
import { placed, type Wording } from '../shared/l10n.ts';
import { isZone } from './days.ts';

/** How long what is kept, and how long what is waited for. */
export interface LedgerSettings {
  /** Use is kept by day for so long, and by month from then on. */
  readonly usageDays: number;
  /** Older audit rows are dropped behind a signed checkpoint. */
  readonly auditDays: number;
  /** How long a hold lasts without renewal, which is when its window counts as dead. */
  readonly holdMs: number;
  /** How long a write waits for other windows before it fails, and the call is refused. */
  readonly patienceMs: number;
}

/** A month has to be over before its days are added up. */
const shortestUsageDays = 31;

const schema = z.strictObject({
  usageDays: z.int().min(shortestUsageDays).max(36_500).default(400),
  auditDays: z.int().min(1).max(36_500).default(90),
  holdMinutes: z.number().min(1).max(1_440).default(10),
  patience: z.number().min(0.1).max(60).default(2),
});

export const defaultLedgerSettings: LedgerSettings = settingsOf(schema.parse({}));

/** Reads `callguard.ledger`; if any of it cannot be read, all of the defaults hold, and each problem has its place. */
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

/** Reads `callguard.timeZone`; a zone that is not known leaves the system's. */
export function parseTimeZone(setting: unknown): { zone: string | undefined; problems: Wording[] } {
  // Null is what VS Code has for a setting that is absent.
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
