/** The IANA zone of the machine. Undefined if it has none, as in a container without TZ, or if TZ is invalid. */
export function systemZone(): string | undefined {
  // Typed as a string, but it is undefined for an invalid TZ, and 'Etc/Unknown' is not a zone that `Intl` takes.
  const zone = unlessUnknown((): unknown => new Intl.DateTimeFormat().resolvedOptions().timeZone);
  return typeof zone === 'string' && isZone(zone) ? zone : undefined;
}

/** Whether `Intl` knows the zone, for example 'Europe/Berlin'. */
export function isZone(zone: string): boolean {
  return unlessUnknown(() => new Intl.DateTimeFormat('en-US', { timeZone: zone })) !== undefined;
}

/** Undefined where `Intl` throws for a zone. Some hosts do so for that of the machine. */
function unlessUnknown<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Formats moments of a zone as 'YYYY-MM-DD', followed by the parts in `more`. */
export function isoFormat(zone: string, more: Intl.DateTimeFormatOptions = {}): Intl.DateTimeFormat {
  // The short date of this locale is ISO 8601.
  return new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    ...more,
  });
}

const hourMs = 3_600_000;
/** No zone differs more than this from UTC. */
const widestOffsetMs = 26 * hourMs;

/**
 * Calendar days of one zone, as 'YYYY-MM-DD', which sorts as text. A day lasts 23 or 25 hours when clocks change, and a
 * zone may have skipped a day. Both come from `Intl`.
 */
export class Days {
  readonly zone: string;
  readonly #format: Intl.DateTimeFormat;
  readonly #starts = new Map<string, number>();
  readonly #ends = new Map<string, number>();
  #current = { day: '', startsMs: Infinity, endsMs: -Infinity };

  /** Throws a RangeError for a zone that `Intl` does not know. */
  constructor(zone: string) {
    this.zone = zone;
    this.#format = isoFormat(zone);
  }

  dayOf(atMs: number): string {
    if (atMs >= this.#current.startsMs && atMs < this.#current.endsMs) return this.#current.day;
    const day = this.#format.format(atMs);
    // Valid from here to the end of the day, so the next calls need not ask Intl.
    this.#current = { day, startsMs: atMs, endsMs: this.#firstAfter(atMs, (other) => other !== day) };
    return day;
  }

  /** The first millisecond of a day 'YYYY-MM-DD', or of the next one if the zone skipped it. */
  startOfDay(day: string): number {
    const known = this.#starts.get(day);
    if (known !== undefined) return known;
    const before = Date.parse(day) - widestOffsetMs;
    const startMs = this.#firstAfter(before, (other) => other >= day);
    this.#starts.set(day, startMs);
    return startMs;
  }

  /** The first millisecond that is later than `atMs` and belongs to a day after `day`. */
  endOfDay(day: string, atMs: number): number {
    return this.#endOf(day, atMs);
  }

  /** The first millisecond after `atMs` whose month is after that of `day`. */
  endOfMonth(day: string, atMs: number): number {
    return this.#endOf(day.slice(0, 'YYYY-MM'.length), atMs);
  }

  /** The end of a day or month, which is given by the start of its text. Cached, as every admission needs it. */
  #endOf(span: string, atMs: number): number {
    const known = this.#ends.get(span);
    if (known !== undefined && atMs < known) return known;
    const endMs = this.#firstAfter(atMs, (other) => other.slice(0, span.length) > span);
    // One day and one month at a time. Older ones are not needed.
    if (this.#ends.size >= 2) this.#ends.clear();
    this.#ends.set(span, endMs);
    return endMs;
  }

  /** The first millisecond after `atMs` whose day is `wanted`, by binary search, as days only grow. */
  #firstAfter(atMs: number, wanted: (day: string) => boolean): number {
    let stepMs = hourMs;
    let before = atMs;
    let after = atMs + stepMs;
    while (!wanted(this.#format.format(after))) {
      before = after;
      stepMs *= 2;
      after += stepMs;
    }
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (wanted(this.#format.format(middle))) after = middle;
      else before = middle;
    }
    return after;
  }
}
