/** A deeper chain comes from repeated wrapping, not from real causes, so it is cut. */
const deepestCause = 8;

const headerFields = ['headers', 'responseHeaders', 'requestHeaders'] as const;
const plainFields = ['code', 'status', 'statusCode', 'url'] as const;

/**
 * An error as text: name, message, stack, status, headers, causes and the errors of an AggregateError, each error once.
 * Leaves out other properties, because SDKs keep the prompt in them. NOT redacted. Never throws.
 */
export function describeError(error: unknown): string {
  const lines: string[] = [];
  describe(error, '', 0, new Set(), lines);
  return lines.join('\n');
}

function describe(error: unknown, lead: string, depth: number, seen: Set<unknown>, lines: string[]): void {
  if (typeof error !== 'object' || error === null) {
    lines.push(lead + (typeof error === 'function' ? '[function]' : String(error)));
    return;
  }
  if (seen.has(error) || depth > deepestCause) {
    lines.push(`${lead}[already shown]`);
    return;
  }
  seen.add(error);
  lines.push(lead + headline(error));
  for (const field of plainFields) {
    const value = read(error, field);
    if (typeof value === 'string' || typeof value === 'number') lines.push(`  ${field}: ${value}`);
  }
  for (const holder of [error, read(error, 'response')]) {
    for (const field of headerFields) lines.push(...headerLines(read(holder, field)));
  }
  const cause = read(error, 'cause');
  if (cause !== undefined) describe(cause, 'Caused by: ', depth + 1, seen, lines);
  const errors = read(error, 'errors');
  if (Array.isArray(errors)) for (const one of errors) describe(one, 'One of: ', depth + 1, seen, lines);
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
    const pairs: unknown[] =
      Symbol.iterator in headers ? [...(headers as Iterable<unknown>)] : Object.entries(headers);
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
