/** The position of one member of a JSON object in its text. */
export interface JsonMember {
  readonly name: string;
  /** The position of the quote that opens the name. */
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

const blank = /[\t\n\r ]*/y;
const scalar = /[^\t\n\r ,}\]]*/y;
const bracketOrQuote = /["[\]{}]/g;

/** The members of the object that `json` is, in order, duplicates included. The text must be valid JSON. */
export function membersOf(json: string): JsonMember[] {
  const members: JsonMember[] = [];
  let at = skip(blank, json, skip(blank, json, 0) + 1);
  while (json[at] === '"') {
    const start = at;
    at = endOfString(json, start);
    const name = JSON.parse(json.slice(start, at)) as string;
    const valueStart = skip(blank, json, skip(blank, json, at) + 1);
    const valueEnd = endOfValue(json, valueStart);
    members.push({ name, start, valueStart, valueEnd });
    // Skip the comma, or the bracket that closes the object.
    at = skip(blank, json, skip(blank, json, valueEnd) + 1);
  }
  return members;
}

/**
 * The object with other values for some members, given as JSON text: replaced in place, added at the end if new,
 * removed if undefined. All else keeps its bytes: numbers that JavaScript cannot represent, order, spaces.
 */
export function withMembers(json: string, changes: Readonly<Record<string, string | undefined>>): string {
  const members = membersOf(json);
  // Own names only: a member may be called 'constructor'.
  const isChanged = ({ name }: JsonMember) => Object.hasOwn(changes, name);
  const isRemoved = (member: JsonMember) => isChanged(member) && changes[member.name] === undefined;
  const piece = (member: JsonMember): string => {
    const value = isChanged(member) ? changes[member.name] : undefined;
    const from = json.slice(member.start, member.valueStart);
    return from + (value ?? json.slice(member.valueStart, member.valueEnd));
  };
  const known = new Set(members.map(({ name }) => name));
  const added = Object.entries(changes).flatMap(([name, value]) =>
    value === undefined || known.has(name) ? [] : [`${JSON.stringify(name)}:${value}`],
  );
  if (members.length === 0 || members.some(isRemoved)) {
    return `{${[...members.filter((member) => !isRemoved(member)).map(piece), ...added].join(',')}}`;
  }
  let text = '';
  let end = 0;
  for (const member of members) {
    text += json.slice(end, member.start) + piece(member);
    end = member.valueEnd;
  }
  return [text, ...added].join(',') + json.slice(end);
}

/** The JSON text with every string mapped, except the names of members. Unchanged strings keep their bytes. */
export function mapStrings(json: string, map: (text: string) => string): string {
  let text = '';
  let end = 0;
  let next: number;
  for (let at = json.indexOf('"'); at >= 0; at = json.indexOf('"', next)) {
    next = endOfString(json, at);
    if (json[skip(blank, json, next)] === ':') continue;
    const value = JSON.parse(json.slice(at, next)) as string;
    const mapped = map(value);
    if (mapped === value) continue;
    text += json.slice(end, at) + JSON.stringify(mapped);
    end = next;
  }
  return text + json.slice(end);
}

function skip(pattern: RegExp, json: string, at: number): number {
  pattern.lastIndex = at;
  pattern.test(json);
  return pattern.lastIndex;
}

/** The position after the quote that closes the string opened at `start`. */
function endOfString(json: string, start: number): number {
  for (let quote = json.indexOf('"', start + 1); ; quote = json.indexOf('"', quote + 1)) {
    if (quote < 0) throw new RangeError('the JSON text contains an unterminated string');
    let slashes = 0;
    while (json[quote - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
  }
}

function endOfValue(json: string, start: number): number {
  if (json[start] === '"') return endOfString(json, start);
  if (json[start] !== '{' && json[start] !== '[') return skip(scalar, json, start);
  let depth = 0;
  for (let at = start; ;) {
    bracketOrQuote.lastIndex = at;
    const found = bracketOrQuote.exec(json);
    if (found === null) throw new RangeError('the JSON text contains an unclosed bracket');
    if (found[0] === '"') at = endOfString(json, found.index);
    else {
      depth += found[0] === '{' || found[0] === '[' ? 1 : -1;
      at = found.index + 1;
      if (depth === 0) return at;
    }
  }
}
