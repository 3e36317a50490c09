import type { PassThroughFormat, UsageOption } from '../dialects/dialect.ts';
import { ContentMeter } from './content-meter.ts';
import { withoutEvents } from '../passthrough/passthrough-events.ts';

/** Whole events of a stream. */
export interface RelayedEvents {
  readonly bytes: Buffer;
  /** Bytes of content in them. */
  readonly contentBytes: number;
  /** Whether there was any content, in these or before. */
  readonly contentHasBegun: boolean;
}

/** An event stream that is only handed on: its watch puts in what it has looked at, and the sender takes it out. */
export class Relay {
  readonly meter: ContentMeter;
  readonly #isHidden: UsageOption['isUsageAlone'] | undefined;
  #waiting: RelayedEvents[] = [];

  /** `hidesUsage`: the client is not to see the chunk that has nothing but usage. */
  constructor({ contentBytes, usageOption }: PassThroughFormat, hidesUsage: boolean) {
    this.meter = new ContentMeter(contentBytes);
    this.#isHidden = hidesUsage ? usageOption?.isUsageAlone : undefined;
  }

  /** `mayTellUsage`: false spares the search for it. */
  put(events: Buffer, mayTellUsage: boolean): void {
    const isHidden = mayTellUsage ? this.#isHidden : undefined;
    const bytes = isHidden === undefined ? events : withoutEvents(events, isHidden);
    if (bytes.length === 0) return;
    this.#waiting.push({ bytes, contentBytes: this.meter.take(), contentHasBegun: this.meter.hasBegun });
  }

  /** What was put in since it was last asked. */
  take(): RelayedEvents[] {
    const taken = this.#waiting;
    this.#waiting = [];
    return taken;
  }
}
