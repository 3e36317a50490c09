import { mask } from './mask.ts';

/** Where the value begins that is assigned to a name. */
export interface ValueStart {
  readonly start: number;
  /** The quote before it, with the backslashes before that, as in JSON within JSON; absent: the value is bare. */
  readonly quote?: string;
  /** Where the value belongs to a tag: `<name>value</name>`. */
  readonly isTagged?: true;
}

// Spaces, also as forms and addresses escape them.
const gap = String.raw`(?:[ \t+]|%(?:25)?20){0,16}`;
// `"name"`, `\"name\"`, `['name']`, `name_2`, `name[32]`.
const colour = String.raw`(?:\x1b\[[\d;]{0,12}m)?`;
const closers = String.raw`(?:[_-]?\d{1,3})?(?: ?\[[\w*]{0,24}\])?(?:[\\"'${'`'}\]]|%(?:25)?2[27]){0,10}${colour}`;
const opensQuote = String.raw`(?=\\{0,7}["'${'`'}])`;
const wrapped = String.raw`(?:\r?\n[ \t]{1,32}${opensQuote})?`;
const operators = String.raw`===|!==|==|!=|=>|->|<-|:=|\?\?=|\|\|=|\+=|:-|[:=]|%(?:25)?3[AaDd]`;
const literalPrefix = String.raw`(?:[bBfFrRuUL@$]{1,2}(?=["']))?`;

/** What stands between a name and its value. All is bounded, so that no run of spaces is scanned twice. */
export const separators = {
  // name = value, "name": "value", :name => 'value', name := `value`
  assigned: new RegExp(`${closers}${gap}\\??(?:${operators})${gap}${wrapped}${literalPrefix}`, 'y'),
  // 'name', 'value' in a list or a call, as Node prints rawHeaders
  listed: new RegExp(String.raw`\\{0,7}["'${'`'}]${gap},\s{0,16}${literalPrefix}${opensQuote}`, 'y'),
  // {"name": "…", "value": "…"}, <add key="…" value="…">, and the same in YAML
  paired: new RegExp(
    String.raw`\\{0,7}["'${'`'}]?,?\s{1,32}\\{0,7}["'${'`'}]?value\\{0,7}["'${'`'}]?${gap}[:=]${gap}|` +
      String.raw`\\{0,7}["'${'`'}],\\{0,7}["'${'`'}]value\\{0,7}["'${'`'}]${gap}:${gap}`,
    'iy',
  ),
  // name("value"), name "value"
  called: new RegExp(String.raw`(?:\(|[ \t]{1,16})${literalPrefix}${opensQuote}`, 'y'),
  // process.env.NAME || 'value'
  fallback: new RegExp(`${gap}(?:\\|\\||\\?\\?|or)${gap}${opensQuote}`, 'y'),
  // --name value
  flag: /[ \t]{1,16}(?=[^\s-])/y,
  tag: />/y,
  // string = , ?: Option<&str> =
  annotation: /[\w.$&*<>[\]|?,: ]{1,64}(?: =(?![=>~])|=(?=["'`]))[ \t]{0,16}(?=\S)/y,
  // YAML's `|` and `>-`
  block: /[|>][+-]?[ \t]{0,4}\r?\n[ \t]{1,32}/y,
  // A table, emphasis, a new line or an option before a value that speaks for itself.
  anything: new RegExp(
    String.raw`(?:\s(?:is|--?[a-z]{1,8})(?=[\s=])|[\s"'|*:=>,([{${'`'}\\]|%(?:25)?(?:2[027]|3[ADE])|\x1b\[[\d;]{0,12}m){1,40}`,
    'y',
  ),
  quote: /\\{0,7}(?:"""|'''|["'`]|%(?:25)?2[27])/y,
} as const;

const blankedValue = /[=:,>"'`]\s*\*{3}/;
const flagBefore = /--[\w-]{0,24}$/;
const tagBefore = /<[\w:.-]{0,24}$/;
const longestBefore = 26;
const typeWord =
  /^(?:[A-Z]\w*|(?:string|str|text|bytes?|char|any|unknown|undefined|null|const|mut|object|u8|final)\b.*)$/;

/**
 * Where the value begins that is assigned to the name from `start` to before `end`; undefined if none is. What stands
 * between a setting's name and its value may be a type.
 */
export function findNamedValue(
  text: string,
  start: number,
  end: number,
  of: 'setting' | 'header' = 'setting',
): ValueStart | undefined {
  const isBehind = (before: RegExp) => before.test(text.slice(Math.max(0, start - longestBefore), start));
  if (text[end] === '>' && isBehind(tagBefore)) return { start: end + 1, isTagged: true };
  let at =
    after(separators.assigned, text, end) ??
    after(separators.paired, text, end) ??
    after(separators.listed, text, end) ??
    after(separators.called, text, end) ??
    after(separators.fallback, text, end) ??
    (text[end] === ' ' && isBehind(flagBefore) ? after(separators.flag, text, end) : undefined);
  if (at === undefined) return undefined;
  const mayBeTyped = of === 'setting' && /:[ \t]{0,16}$/.test(text.slice(end, at));
  const annotated = mayBeTyped ? after(separators.annotation, text, at) : undefined;
  if (annotated !== undefined && isType(text.slice(at, annotated))) at = annotated;
  at = after(separators.block, text, at) ?? at;
  const quoted = after(separators.quote, text, at);
  return quoted === undefined ? { start: at } : { start: quoted, quote: text.slice(at, quoted) };
}

/** Where a value of an unmistakable shape may begin behind the name that ends before `end`. */
export function findNearValue(text: string, end: number): number | undefined {
  const at = after(separators.anything, text, end);
  // What follows a value that was blanked belongs to something else. In Markdown the stars stand before the colon.
  return at === undefined || blankedValue.test(text.slice(end, at)) ? undefined : at;
}

/** `secret key` as `secret key`, `secret_key`, `secret-key`, `secret.key` and `secretKey`, which stands for any case. */
export function spellings(name: string): string[] {
  return name.includes(' ') ? ['', ' ', '_', '-', '.'].map((joint) => name.replaceAll(' ', joint)) : [name];
}

function after(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** Whether what stands between `:` and `=` is a type: `string | undefined =`, and not a value and more. */
function isType(annotation: string): boolean {
  const words = annotation
    .slice(0, annotation.lastIndexOf('='))
    .split(/[^\w]+/)
    .filter((word) => word !== '');
  return words.length > 0 && !annotation.includes(mask) && words.every((word) => typeWord.test(word));
}
