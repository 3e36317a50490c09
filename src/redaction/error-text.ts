import { redactionLimits } from '../shared/limits/redaction-limits.ts';

/** A deeper chain comes from repeated wrapping, not from real causes, so it is cut. */
const deepestCause = 8;

const headerFields = ['headers', 'responseHeaders', 'requestHeaders'] as const;
const plainFields = ['code', 'status', 'statusCode', 'url'] as const;

/**
 * An error as text: name, message, stack, status, headers, causes and the errors of an AggregateError, each error once.
 * Leaves out other properties, because SDKs keep the prompt in them. NOT redacted. Never throws.
 */
export function describeError(error: unknown): string {
  const report: Report = { lines: [], left: redactionLimits.readChars + redactionLimits.edgeChars };
  try {
    describe(error, '', 0, new Set(), report);
  } catch {
    add(report, '[unreadable]');
  }
  return report.lines.join('\n');
}

interface Report {
  readonly lines: string[];
  /** How many characters it may still grow by. */
  left: number;
}

function add(report: Report, line: string): void {
  if (report.left <= 0) return;
  report.lines.push(line.slice(0, report.left));
  report.left -= line.length + 1;
}

function describe(error: unknown, lead: string, depth: number, seen: Set<unknown>, report: Report): void {
  if (report.left <= 0) return;
  if (typeof error !== 'object' || error === null) {
    add(report, lead + (typeof error === 'function' ? '[function]' : String(error)));
    return;
  }
  if (seen.has(error) || depth > deepestCause) {
    add(report, `${lead}[already shown]`);
    return;
  }
  seen.add(error);
  add(report, lead + headline(error));
  for (const field of plainFields) {
    const value = read(error, field);
    if (typeof value === 'string' || typeof value === 'number') add(report, `  ${field}: ${value}`);
  }
  for (const holder of [error, read(error, 'response')]) {
    for (const field of headerFields) {
      for (const line of headerLines(read(holder, field))) add(report, line);
    }
  }
  const cause = read(error, 'cause');
  if (cause !== undefined) describe(cause, 'Caused by: ', depth + 1, seen, report);
  const errors = read(error, 'errors');
  if (!Array.isArray(errors)) return;
  for (const one of errors as unknown[]) {
    if (report.left <= 0) break;
    describe(one, 'One of: ', depth + 1, seen, report);
  }
}

function headline(error: object): string {
  const name = read(error, 'name');
  const message = read(error, 'message');
  const stack = read(error, 'stack');
  const title = [name, message].filter((part) => typeof part === 'string' && part !== '').join(': ');
  if (typeof stack === 'string' && stack !== '') {
    // The stack lacks a message that was changed after the error was created.
    return typeof message === 'string' && !stack.includes(message) ? `${title}\n${stack}` : stack;
  }
  return title === '' ? Object.prototype.toString.call(error) : title;
}

/** Headers as lines, so that redaction recognizes secrets by name. Takes a Headers, a Map, pairs or a record. */
function headerLines(headers: unknown): string[] {
  if (typeof headers !== 'object' || headers === null) return [];
  try {
    const pairs: unknown[] = [];
    const all = Symbol.iterator in headers ? (headers as Iterable<unknown>) : Object.entries(headers);
    for (const pair of all) if (pairs.push(pair) >= redactionLimits.headers) break;
    return pairs
      .filter((pair): pair is unknown[] => Array.isArray(pair))
      .map(([name, value]) => `  ${String(name)}: ${String(value)}`);
  } catch {
    return ['  [unreadable headers]'];
  }
}

/** A property, or undefined. Getters of foreign errors may throw. */
function read(holder: unknown, field: string): unknown {
  if (typeof holder !== 'object' || holder === null) return undefined;
  try {
    const value: unknown = Reflect.get(holder, field);
    return value;
  } catch {
    return '[unreadable]';
  }
}
