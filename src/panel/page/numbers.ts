import { languagesOf } from '../../shared/l10n.ts';

const hour = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d))?$/;

/** Formats numbers and times for the user, in one language. */
export interface Numbers {
  readonly count: (value: number) => string;
  /** '12.3K', where room is short. */
  readonly short: (value: number) => string;
  readonly cost: (microUsd: number) => string;
  /** For the labels of an axis: only as many digits as the label has. */
  readonly costMark: (microUsd: number) => string;
  /** '850 ms', '1.2 s'. */
  readonly duration: (ms: number) => string;
  readonly percent: (percent: number) => string;
  /** A bucket's label, short for an axis and in full. */
  readonly bucketMark: (label: string) => string;
  readonly bucket: (label: string) => string;
  readonly timeOfDay: (atMs: number) => string;
}

export function createNumbers(tag: string): Numbers {
  const language = languagesOf({ language: tag });
  const number = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(language, options);
  const date = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language, options);
  const dollars = { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol' } as const;
  const count = number({ maximumFractionDigits: 0 });
  const short = number({ notation: 'compact', maximumFractionDigits: 1 });
  const wholeCost = number({ ...dollars, minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const smallCost = number({ ...dollars, minimumFractionDigits: 2, maximumFractionDigits: 4 });
  const costMark = number({ ...dollars, minimumFractionDigits: 0, maximumFractionDigits: 6 });
  // The ICU of Node.js 22 pads compact currency: '$20.0K'.
  const bigCostMark = number({
    ...dollars,
    notation: 'compact',
    maximumFractionDigits: 1,
    trailingZeroDisplay: 'stripIfInteger',
  });
  const unit = (name: string, digits: number) =>
    number({ style: 'unit', unit: name, unitDisplay: 'narrow', maximumFractionDigits: digits });
  const [milliseconds, seconds, minutes] = [unit('millisecond', 0), unit('second', 1), unit('minute', 1)];
  const percent = number({ style: 'percent', maximumFractionDigits: 1 });
  const dayMark = date({ month: 'short', day: 'numeric', timeZone: 'UTC' });
  const day = date({ weekday: 'short', month: 'short', day: 'numeric', timeZone: 'UTC' });
  const hourMark = date({ hour: 'numeric', minute: '2-digit', timeZone: 'UTC' });
  const dayAndHour = date({ weekday: 'short', hour: 'numeric', minute: '2-digit', timeZone: 'UTC' });
  const timeOfDay = date({ timeStyle: 'medium' });

  const costIn = (microUsd: number): string => {
    const value = microUsd / 1e6;
    if (value >= 1) return wholeCost.format(value);
    return value > 0 && value < 0.0001 ? `< ${smallCost.format(0.0001)}` : smallCost.format(value);
  };
  const bucketIn = (label: string, ofDay: Intl.DateTimeFormat, ofHour: Intl.DateTimeFormat): string => {
    const [, year, month, dayOfMonth, hours, minute] = hour.exec(label) ?? [];
    if (year === undefined) return label;
    // The label is a time in the ledger's zone. Reading it as UTC keeps it unchanged.
    const at = Date.UTC(
      Number(year),
      Number(month) - 1,
      Number(dayOfMonth),
      Number(hours ?? 0),
      Number(minute ?? 0),
    );
    return (hours === undefined ? ofDay : ofHour).format(at);
  };

  return {
    count: (value) => count.format(value),
    short: (value) => (value < 10_000 ? count.format(value) : short.format(value)),
    cost: costIn,
    costMark: (microUsd) => (microUsd < 1e10 ? costMark : bigCostMark).format(microUsd / 1e6),
    duration: (ms) => {
      if (ms < 1000) return milliseconds.format(ms);
      return ms < 120_000 ? seconds.format(ms / 1000) : minutes.format(ms / 60_000);
    },
    percent: (value) => percent.format(value / 100),
    bucketMark: (label) => bucketIn(label, dayMark, hourMark),
    bucket: (label) => bucketIn(label, day, dayAndHour),
    timeOfDay: (atMs) => timeOfDay.format(atMs),
  };
}
