/** Where one member of a JSON object stands in its text. */
export interface JsonMember {
  readonly name: string;
  /** Of the quote that opens the name. */
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
    // Over the comma, or the bracket that ends it all.
    at = skip(blank, json, skip(blank, json, valueEnd) + 1);
  }
  return members;
}

/**
 * The object with other values, given as JSON text, for some members: set where they stand, added at the end if they
 * are new, taken out if undefined. All else keeps its bytes: numbers that JavaScript cannot hold, order, spaces.
 */
export function withMembers(json: string, changes: Readonly<Record<string, string | undefined>>): string {
  const members = membersOf(json);
  // By their own names alone: a member may be called 'constructor'.
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

/** The JSON text with every string in it mapped, but for the names of members; what stays the same keeps its bytes. */
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

/** The place after the quote that closes the string opened at `start`. */
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
