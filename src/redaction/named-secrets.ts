import { findNamedValue, spellings } from './assigned-value.ts';
import { isAlnum } from './char-sets.ts';
import { keptChars, mask } from './mask.ts';
import type { Find, Reading, Rule } from './rule.ts';
import { userInfoAt } from './url-password.ts';
import { endOfLine, endOfQuoted, endOfWord } from './value-end.ts';

/** Names of settings, members, variables and headers whose value is a secret, by their last words. */
const secretNames = (
  'api key,app key,auth key,access key,secret key,private key,subscription key,account key,' +
  'signing key,encryption key,master key,service key,storage key,cosmos key,' +
  'access token,refresh token,auth token,security token,session token,api token,bot token,id token,' +
  'private token,vault token,deploy token,client token,secret token,github token,gitlab token,npm token,' +
  'vercel token,hf token,slack token,bearer token,personal token,secret,previous keys,' +
  'password,passwd,passphrase,pwd,_auth,credential'
).split(',');

/** Words that are no secret wherever they stand, and have to stay for JSON to remain JSON. */
const plainWords = new Set('null,true,false,undefined,None,nil'.split(','));
const oneToken = /(?:bearer|basic|token|apikey|bot|key)[ \t]{1,8}/iy;
const bearerSpace = /\s{1,8}/y;
const shortestBearer = 8;
const fallback = /[ \t]{1,8}(?:\|\||\?\?|or)[ \t]{1,8}(?=["'`])/y;
/** What a shape leaves before the value that it blanks. */
const blanked = /[\s"'|:=>,([{`\\]{0,40}(?:-{1,5}BEGIN [A-Z\d ]{1,40}-{4,5})?(?=\*{3})/y;
const queryName = /[?&;](?:amp;)?[a-z_-]{0,16}$/i;
const longestQueryName = 22;

/** Where HTTP, URLs, settings and code keep secrets, whatever these look like. For logs alone. */
export const placeRules: readonly Rule[] = [
  { words: secretNames.flatMap(spellings), find: ({ text }, start, end) => findValue(text, start, end) },
  { words: ['authorization'], find: ({ text }, start, end) => findHeader(text, start, end, true) },
  { words: ['cookie'], find: ({ text }, start, end) => findHeader(text, start, end, false) },
  { words: ['bearer'], find: findBearer },
  {
    words: 'key=,token=,sig=,signature=,secret=,password=,credential='.split(','),
    find: findInQuery,
  },
  {
    words: ['://'],
    find: (reading, _start, end) => {
      const info = userInfoAt(reading, end);
      return info && place(reading.text, info.start, info.end);
    },
  },
];

function findValue(text: string, start: number, end: number): Find | undefined {
  const value = findNamedValue(text, start, end);
  // `PWD` is the folder that a shell is in.
  if (value === undefined || text.slice(start, end) === 'PWD') return undefined;
  if (value.isTagged === true) {
    const close = text.indexOf('<', value.start);
    return place(text, value.start, close < 0 ? text.length : close);
  }
  if (value.quote !== undefined) return place(text, value.start, endOfQuoted(text, value.start, value.quote));
  const to = endOfWord(text, value.start);
  return plainWords.has(text.slice(value.start, to))
    ? undefined
    : place(text, value.start, withFallback(text, to));
}

/** `process.env.KEY || 'value'` has the secret at its end. */
function withFallback(text: string, to: number): number {
  fallback.lastIndex = to;
  if (!fallback.test(text)) return to;
  const at = fallback.lastIndex;
  return Math.min(text.length, endOfQuoted(text, at + 1, text[at] ?? '') + 1);
}

/** A header goes to the end of its line, unless it is in quotes or begins with a scheme that has one token. */
function findHeader(text: string, start: number, end: number, hasScheme: boolean): Find | undefined {
  const value = findNamedValue(text, start, end, 'header');
  if (value === undefined) return undefined;
  oneToken.lastIndex = value.start;
  const isOneToken = hasScheme && oneToken.test(text);
  const from = isOneToken ? oneToken.lastIndex : value.start;
  if (value.quote !== undefined) return place(text, from, endOfQuoted(text, from, value.quote));
  return place(text, from, isOneToken ? endOfWord(text, from) : endOfLine(text, from));
}

function findBearer({ text, runs }: Reading, _start: number, end: number): Find | undefined {
  bearerSpace.lastIndex = end;
  if (!bearerSpace.test(text)) return undefined;
  const from = bearerSpace.lastIndex;
  const to = runs.end('token', from);
  return to - from < shortestBearer ? undefined : place(text, from, to);
}

function findInQuery({ text, runs }: Reading, start: number, end: number): Find | undefined {
  if (!queryName.test(text.slice(Math.max(0, start - longestQueryName), start))) return undefined;
  const to = runs.end('query', end);
  return place(text, end, to);
}

function place(text: string, start: number, end: number): Find | undefined {
  if (end <= start) return undefined;
  const from = isAlnum(text, start) ? start : startOfBlanked(text, start);
  const kept = from - start + keptChars(text, from, end + mask.length);
  // What is blanked already stays as it is, whatever stands behind it.
  return text.startsWith(mask, start + kept)
    ? { what: 'place', start, end: start + kept + mask.length, kept }
    : { what: 'place', start, end };
}

/** Where the mask begins, if a shape has blanked the value at `start`. */
function startOfBlanked(text: string, start: number): number {
  blanked.lastIndex = start;
  return blanked.test(text) ? blanked.lastIndex : start;
}
