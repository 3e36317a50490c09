import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isObject, parseJson } from '../shared/json.ts';
import { valueText, type JsonObject } from '../shared/json-members.ts';
import type { Clock } from '../shared/clock.ts';
import { sessionLimits } from '../shared/limits.ts';

/** A conversation that a tool says a call belongs to. Another tool could say the same, so it protects nothing. */
export interface Session {
  /** The beginning of a keyed hash of what the tool sent. */
  readonly id: string;
  readonly caller: string;
}

/** A session that sends the same request again and again, or very many. */
export interface Runaway extends Session {
  readonly sinceMs: number;
  readonly why: 'repeats' | 'calls';
  /** Refuses the calls of the session from now on. */
  pause(): void;
  resume(): void;
}

/** Which header of which tool names the session. */
const headerOf: Readonly<Record<string, string>> = {
  claude: 'x-claude-code-session-id',
  codex: 'session-id',
};

const anyHeader = 'x-session-id';
const shownCharacters = 12;

/** The session of a call, from the fields in which tools name it. Undefined for a tool that names none. */
export function sessionOf(
  token: string,
  caller: string,
  headers: IncomingHttpHeaders,
  body: JsonObject,
): Session | undefined {
  const named = headers[headerOf[caller] ?? anyHeader] ?? headers[anyHeader];
  const field = typeof named === 'string' ? named : caller === 'claude' ? userIdIn(body) : undefined;
  if (field === undefined || field === '' || Buffer.byteLength(field) > sessionLimits.fieldBytes)
    return undefined;
  const id = createHmac('sha256', token).update(field).digest('base64url').slice(0, shownCharacters);
  return { id, caller };
}

/** Claude Code names its session here, too. */
function userIdIn(body: JsonObject): string | undefined {
  const text = valueText(body, 'metadata');
  if (text === undefined || text.length > sessionLimits.metadataChars) return undefined;
  const metadata = parseJson(text);
  const id = isObject(metadata) ? metadata['user_id'] : undefined;
  return typeof id === 'string' ? id : undefined;
}

interface Request {
  /** When it came and the one before was answered. */
  readonly timesMs: number[];
  isAnswered: boolean;
}

interface Seen {
  readonly sinceMs: number;
  readonly callsMs: number[];
  readonly requests: Map<string, Request>;
  isReported: boolean;
  isPaused: boolean;
}

/** Watches the sessions of one gateway, in memory. */
export class Sessions {
  readonly #clock: Clock;
  readonly #onRunaway: (runaway: Runaway) => void;
  readonly #seen = new Map<string, Seen>();

  constructor(clock: Clock, onRunaway: (runaway: Runaway) => void) {
    this.#clock = clock;
    this.#onRunaway = onRunaway;
  }

  /** Notes a call that begins. Undefined if the session is paused. Call the result when the call was answered. */
  begin(session: Session, body: Buffer): (() => void) | undefined {
    const seen = this.#of(session.id);
    if (seen.isPaused) return undefined;
    const now = this.#clock.monotonicMs();
    keepSince(seen.callsMs, now - sessionLimits.windowMs);
    seen.callsMs.push(now);
    const request = requestIn(seen, body);
    keepSince(request.timesMs, now - sessionLimits.windowMs);
    // A request that is sent again because it failed is not a loop.
    if (request.isAnswered || request.timesMs.length === 0) request.timesMs.push(now);
    request.isAnswered = false;
    const isRepeated = request.timesMs.length >= sessionLimits.repeats;
    if (!seen.isReported && (isRepeated || seen.callsMs.length >= sessionLimits.calls)) {
      seen.isReported = true;
      this.#onRunaway({
        ...session,
        sinceMs: seen.sinceMs,
        why: isRepeated ? 'repeats' : 'calls',
        pause: () => {
          seen.isPaused = true;
        },
        resume: () => {
          seen.isPaused = false;
        },
      });
    }
    return () => {
      request.isAnswered = true;
    };
  }

  #of(id: string): Seen {
    const known = this.#seen.get(id);
    if (known !== undefined) {
      // The one that was used least recently is forgotten first.
      this.#seen.delete(id);
      this.#seen.set(id, known);
      return known;
    }
    dropOldest(this.#seen, sessionLimits.sessions);
    const sinceMs = this.#clock.nowMs();
    const seen = { sinceMs, callsMs: [], requests: new Map(), isReported: false, isPaused: false };
    this.#seen.set(id, seen);
    return seen;
  }
}

function requestIn(seen: Seen, body: Buffer): Request {
  const key = hashOf(body);
  const known = seen.requests.get(key);
  if (known !== undefined) return known;
  dropOldest(seen.requests, sessionLimits.requests);
  const request = { timesMs: [], isAnswered: false };
  seen.requests.set(key, request);
  return request;
}

/** Of a long body only both ends, because a hash of all of it takes time: a conversation grows at its end. */
function hashOf(body: Buffer): string {
  const { hashedBytes } = sessionLimits;
  const hash = createHash('sha256').update(String(body.length)).update(body.subarray(0, hashedBytes));
  if (body.length > hashedBytes) hash.update(body.subarray(Math.max(hashedBytes, body.length - hashedBytes)));
  return hash.digest('base64url');
}

function keepSince(timesMs: number[], sinceMs: number): void {
  const first = timesMs.findIndex((time) => time > sinceMs);
  timesMs.splice(0, first < 0 ? timesMs.length : first);
  if (timesMs.length >= sessionLimits.calls) timesMs.shift();
}

function dropOldest<T>(map: Map<string, T>, most: number): void {
  const [oldest] = map.keys();
  if (oldest !== undefined && map.size >= most) map.delete(oldest);
}
