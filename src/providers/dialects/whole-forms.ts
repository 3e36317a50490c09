import { messagesEventsOfWhole, messagesWholeOfEvents } from './anthropic-messages/whole.ts';
import type { JsonEvent } from './dialect.ts';
import type { WireDialect } from './dialects.ts';
import { googleEventsOfWhole, googleWholeOfEvents } from './google-generative/whole.ts';
import { chatEventsOfWhole, chatWholeOfEvents } from './openai-chat/whole.ts';
import { responsesEventsOfWhole, responsesWholeOfEvents } from './openai-responses/whole.ts';

/** Turns an answer in one piece into a stream, and the reverse. */
export interface WholeForm {
  /** The events of a stream that say the same as an answer in one piece; undefined if it is none. */
  readonly eventsOf: (answer: unknown) => readonly JsonEvent[] | undefined;
  /** The answer in one piece that says the same as the events of a stream, as `sdkEvents` makes them. */
  readonly join: (events: readonly JsonEvent[]) => object;
}

/** Apart from the definitions, which are loaded at activation. */
export const wholeForms: Readonly<Record<WireDialect, WholeForm>> = {
  'openai-chat': { eventsOf: chatEventsOfWhole, join: chatWholeOfEvents },
  'openai-responses': { eventsOf: responsesEventsOfWhole, join: responsesWholeOfEvents },
  'anthropic-messages': { eventsOf: messagesEventsOfWhole, join: messagesWholeOfEvents },
  'google-generative': { eventsOf: googleEventsOfWhole, join: googleWholeOfEvents },
};
