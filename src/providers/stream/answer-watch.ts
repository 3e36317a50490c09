import type { Outcome, Shown } from '../../guard/outcome.ts';
import type { ReportedUsage } from '../../guard/sender-port.ts';
import type { Work } from '../../shared/slices.ts';
import { answerLimits, kib } from '../../shared/limits.ts';
import type { WireDialect } from '../dialects/dialects.ts';
import type { Sanitize } from '../transport/provider-message.ts';

/** A part of an answer's body that was checked: whole events of a stream, or a whole answer in one piece. */
export interface AnswerPiece {
  readonly bytes: Buffer;
  /** Bytes of content in this piece. */
  readonly contentBytes: number;
  /** Whether this piece or an earlier one had content. */
  readonly contentHasBegun: boolean;
  /** This piece is the end marker of a stream. */
  readonly isMarker?: true;
}

/**
 * Reads the body of a successful response, and says when and how the answer ended. The reader of the answer gets only
 * what was checked: nothing of an error, which may contain secrets, and nothing that follows the end.
 */
export interface AnswerWatch {
  /** The usage reported so far. */
  readonly usage: ReportedUsage | undefined;
  /** Why the model stopped, as far as it has said so. */
  readonly finish: Shown['finish'];
  /** Reads the next bytes. An outcome means that the answer is over, even if the server keeps the socket open. */
  push(bytes: Uint8Array): Work<Outcome | undefined>;
  /** No bytes follow. `broken`: the connection broke; otherwise it was closed properly. */
  end(broken: boolean): Work<Outcome>;
  /** What the reader gets, since the last call. */
  take(): AnswerPiece[];
}

export interface WatchOptions {
  readonly dialect: WireDialect;
  readonly sanitize: Sanitize;
  /** The form of the answer that the request asked for. */
  readonly wants: 'stream' | 'whole';
  /** For the answer of a request that was passed through. Absent for our own prompts: the AI SDK reads the stream. */
  readonly passThrough?:
    | {
        readonly hidesUsage: boolean;
        /** See `OperationFormat`. */
        readonly answerMembers?: readonly string[] | undefined;
      }
    | undefined;
}

export const notApi: Outcome = {
  kind: 'malformed',
  problem: (l10n) => l10n.t('it is not an API response; check the base URL'),
};

/** Nothing but lifecycle events, pings and blanks came. */
export const withoutContent: Outcome = {
  kind: 'malformed',
  problem: (l10n) => l10n.t('its first {0} KiB have no content', answerLimits.heldBackBytes / kib),
};
