import { redactionLimits } from '../shared/limits/redaction-limits.ts';
import { isAlnum } from './char-sets.ts';
import { isBlankedAt } from './mask.ts';
import { looksRandom } from './randomness.ts';
import type { Reading, Rule } from './rule.ts';
import type { UrlShape } from './shape.ts';

const longestPort = 5;
const shortestPassword = 8;
const fewestKinds = 2;
const kinds = [/[a-z]/, /[A-Z]/, /\d/] as const;
/** `${password}`, `<password>`, `{{password}}`, `%s`, `***` and `...` stand for one. */
const placeholder = /^[$<{[%*&]|\$\{|\{\{|\*\*|\.\.\./;
const atSign = 0x40;
const colonSign = 0x3a;
const slash = 0x2f;
const star = 0x2a;
const letterS = 0x73;
const schemeEnd = '://'.length;
const exampleHost = /^@(?:[\w-]{1,63}\.)*(?:example(?:\.[a-z]{2,3})?|test|invalid)(?![\w.-])/;

export interface UserInfo {
  readonly start: number;
  /** Of the password; absent where there is only a name, which may be a token. */
  readonly password?: number;
  /** Where the `@` stands. */
  readonly end: number;
}

/** By code: 1 for the marks of an address; all other characters are read over. */
const isMark = new Uint8Array(128);
for (const mark of '@:/?#\\*') isMark[mark.charCodeAt(0)] = 1;

/** The user and password of an address whose `://` ends at `start`. A password may have a `/` in it. */
export function userInfoAt({ text, runs }: Reading, start: number): UserInfo | undefined {
  const limit = Math.min(runs.end('url', start), start + redactionLimits.userInfoChars);
  let colon: number | undefined;
  let at = start;
  let end: number | undefined;
  for (; at < limit; at += 1) {
    const code = text.charCodeAt(at);
    if (isMark[code] !== 1) continue;
    if (code === atSign) end = at;
    else if (code === colonSign) colon ??= at;
    else if (code !== star || isBlankedAt(text, at)) break;
  }
  if (colon === undefined || text.startsWith('://', colon) || isPort(text, colon + 1, at))
    return infoOf(start, colon, end);
  // Of a database's address the last `@` counts, of a web address the first: its path may have more.
  const isWeb = isWebAddress(text, start);
  for (; at < limit && !(isWeb && end !== undefined); at += 1) {
    const code = text.charCodeAt(at);
    if (isMark[code] !== 1) continue;
    if (code === colonSign && text.startsWith('://', at)) break;
    // What stands before something blanked is judged by itself.
    if (code === star && isBlankedAt(text, at)) break;
    if (code !== atSign || text.charCodeAt(at - 1) === slash) continue;
    if (isAlnum(text, at + 1) || isBlankedAt(text, at + 1)) end = at;
  }
  return infoOf(start, colon, end);
}

function infoOf(start: number, colon: number | undefined, end: number | undefined): UserInfo | undefined {
  if (end === undefined || end === start) return undefined;
  return colon === undefined || colon > end ? { start, end } : { start, password: colon + 1, end };
}

function isPort(text: string, start: number, end: number): boolean {
  if (end === start || end - start > longestPort) return false;
  for (let at = start; at < end; at += 1) if (!isDigit(text.charCodeAt(at))) return false;
  return true;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Whether `http://` or `https://` ends at `start`, in any case. */
function isWebAddress(text: string, start: number): boolean {
  const last = start - schemeEnd - 1;
  const end = (text.charCodeAt(last) | 0x20) === letterS ? last : last + 1;
  return end >= 4 && text.slice(end - 4, end).toLowerCase() === 'http';
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
