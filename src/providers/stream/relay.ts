import type { PassThroughFormat, UsageOption } from '../dialects/dialect.ts';
import { ContentMeter } from './content-meter.ts';
import { withoutEvents } from '../passthrough/passthrough-events.ts';

/** Whole events of a stream. */
export interface RelayedEvents {
  readonly bytes: Buffer;
  /** Bytes of content in these events. */
  readonly contentBytes: number;
  /** Whether these events or earlier ones had content. */
  readonly contentHasBegun: boolean;
}

/** An event stream that is passed through: the watch puts in events that it has checked, and the sender takes them. */
export class Relay {
  readonly meter: ContentMeter;
  readonly #isHidden: UsageOption['isUsageAlone'] | undefined;
  #waiting: RelayedEvents[] = [];

  /** `hidesUsage`: the client must not see the event that has nothing but usage. */
  constructor({ contentBytes, usageOption }: PassThroughFormat, hidesUsage: boolean) {
    this.meter = new ContentMeter(contentBytes);
    this.#isHidden = hidesUsage ? usageOption?.isUsageAlone : undefined;
  }

  /** `mayReportUsage`: false skips the search for usage. */
  put(events: Buffer, mayReportUsage: boolean): void {
    const isHidden = mayReportUsage ? this.#isHidden : undefined;
    const bytes = isHidden === undefined ? events : withoutEvents(events, isHidden);
    if (bytes.length === 0) return;
    this.#waiting.push({ bytes, contentBytes: this.meter.take(), contentHasBegun: this.meter.hasBegun });
  }

  /** The events since the last call. */
  take(): RelayedEvents[] {
    const taken = this.#waiting;
    this.#waiting = [];
    return taken;
  }
}
