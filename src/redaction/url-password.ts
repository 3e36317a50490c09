import { isAlnum } from './char-sets.ts';
import { mask } from './mask.ts';
import { looksRandom } from './randomness.ts';
import type { Reading, Rule } from './rule.ts';
import type { UrlShape } from './shape.ts';

/** User names and passwords longer than this are data. */
const longestUserInfo = 1_024;
const longestScheme = 'https://'.length;
const port = /^\d{1,5}$/;
const shortestPassword = 8;
const fewestKinds = 2;
const kinds = [/[a-z]/, /[A-Z]/, /\d/] as const;
/** `${password}`, `<password>`, `{{password}}`, `%s`, `***` and `...` stand for one. */
const placeholder = /^[$<{[%*&]|\$\{|\{\{|\*\*|\.\.\./;
const exampleHost = /^@(?:[\w-]{1,63}\.)*(?:example(?:\.[a-z]{2,3})?|test|invalid)(?![\w.-])/;

export interface UserInfo {
  readonly start: number;
  /** Of the password; absent where there is only a name, which may be a token. */
  readonly password?: number;
  /** Where the `@` stands. */
  readonly end: number;
}

/** The user and password of an address whose `://` ends at `start`. A password may have a `/` in it. */
export function userInfoAt({ text, runs }: Reading, start: number): UserInfo | undefined {
  const limit = Math.min(runs.end('url', start), start + longestUserInfo);
  let colon: number | undefined;
  let at = start;
  let end: number | undefined;
  for (; at < limit && !endsAuthority(text, at); at += 1) {
    if (text[at] === '@') end = at;
    else if (text[at] === ':') colon ??= at;
  }
  if (colon === undefined || text.startsWith('://', colon) || port.test(text.slice(colon + 1, at)))
    return infoOf(start, colon, end);
  // Of a database's address the last `@` counts, of a web address the first: its path may have more.
  const isWeb = isWebAddress(text, start);
  for (; at < limit && !(isWeb && end !== undefined) && !endsUserInfo(text, at); at += 1) {
    if (text[at] !== '@' || text[at - 1] === '/') continue;
    if (isAlnum(text, at + 1) || text.startsWith(mask, at + 1)) end = at;
  }
  return infoOf(start, colon, end);
}

function infoOf(start: number, colon: number | undefined, end: number | undefined): UserInfo | undefined {
  if (end === undefined || end === start) return undefined;
  return colon === undefined || colon > end ? { start, end } : { start, password: colon + 1, end };
}

function endsAuthority(text: string, at: number): boolean {
  const char = text[at];
  return char === '/' || char === '?' || char === '#' || char === '\\' || isBlanked(text, at);
}

/** At the next address. */
function endsUserInfo(text: string, at: number): boolean {
  return (text[at] === ':' && text.startsWith('://', at)) || isBlanked(text, at);
}

/** What stands before something blanked is judged by itself. */
function isBlanked(text: string, at: number): boolean {
  return text[at] === '*' && text.startsWith(mask, at);
}

function isWebAddress(text: string, start: number): boolean {
  const scheme = text.slice(Math.max(0, start - longestScheme), start).toLowerCase();
  return scheme.endsWith('http://') || scheme === 'https://';
}

/** Finds passwords in addresses that are neither placeholders nor words. */
export function urlPasswordRule(shape: UrlShape): Rule {
  return {
    words: ['://'],
    find: (reading, _start, end) => {
      const info = userInfoAt(reading, end);
      if (info?.password === undefined || !isPassword(reading.text, info.password, info.end))
        return undefined;
      return { what: shape, start: info.password, end: info.end, kept: 0 };
    },
  };
}

function isPassword(text: string, start: number, end: number): boolean {
  const password = text.slice(start, end);
  return (
    password.length >= shortestPassword &&
    kinds.filter((kind) => kind.test(password)).length >= fewestKinds &&
    !placeholder.test(password) &&
    !exampleHost.test(text.slice(end, end + 128)) &&
    looksRandom(text, start, end)
  );
}
