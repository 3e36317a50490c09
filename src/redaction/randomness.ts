/** A key says it in its first characters; more would make long runs slow. */
const longestSample = 48;
const fewestDistinct = 8;
/** In so short a key, chance alone may spell more. */
const shortKey = 20;
const wordyShare = 0.55;
const wordyShareOfShort = 0.7;

/**
 * The pairs of letters that make up 85 % of the English in documentation and names, by their first letter; a quarter
 * of all pairs.
 */
const commonPairs = (
  'abcdgilmnprstu baeilu caehiklortu daeios eacdefglmnprstvx fefio geir haeio iabcdefglmnoprstvz ke laeiloy ' +
  'maeiop nacdegiost ocdlmnoprstuvw paeiloprt qu raeimnorsty sacehiopstu taehiorstuy ulmnprst vaei wa'
)
  .split(' ')
  .flatMap(([first = '', ...seconds]) => seconds.map((second) => first + second));

/** Of two characters: neither is said of a key. `apart`: one is no letter or digit, so they are not judged. */
const unlike = 0;
const wordy = 1;
const apart = 2;
/** What two ASCII characters are side by side, by the first one's code times 128 and the second one's. */
const pairs = pairTable();

/**
 * Whether the characters from `from` to `to` could be a key: 8 or more distinct ones, and not mostly words, repeats
 * or counting (`sk-fading-circle…`, `sk-xxxx…`, `sk-12345…`). Of 10,000 random keys it misses fewer than 10.
 */
export function looksRandom(text: string, from: number, to: number): boolean {
  const end = Math.min(to, from + longestSample);
  // A bit for each character, of which an upper one and a digit or lower one never share one.
  let low = 0;
  let high = 0;
  let judged = 0;
  let like = 0;
  let previous = 0;
  for (let at = from; at < end; at += 1) {
    const code = text.charCodeAt(at) & 127;
    const bit = 1 << (code & 31);
    const half = -((code >> 5) & 1);
    high |= bit & half;
    low |= bit & ~half;
    const pair = pairs[(previous << 7) | code];
    if (pair !== apart) judged += 1;
    if (pair === wordy) like += 1;
    previous = code;
  }
  const most = end - from < shortKey ? wordyShareOfShort : wordyShare;
  return like <= judged * most && countBits(low) + countBits(high) >= fewestDistinct;
}

function pairTable(): Uint8Array {
  const common = new Set(commonPairs);
  const table = new Uint8Array(128 * 128).fill(apart);
  for (let left = 0; left < 128; left += 1) {
    for (let right = 0; right < 128; right += 1) {
      if (isWordChar(left) && isWordChar(right)) {
        const isCommon = common.has(String.fromCharCode(left, right).toLowerCase());
        // Repeats and counting count as words. A capital within a word begins the next one.
        const isNext = right === left || right === left + 1;
        const beginsNext = left >= 97 && right < 97;
        table[(left << 7) | right] = isNext || (isCommon && !beginsNext) ? wordy : unlike;
      }
    }
  }
  return table;
}

function isWordChar(code: number): boolean {
  return /[A-Za-z0-9]/.test(String.fromCharCode(code));
}

/** In parallel: of pairs, fours, bytes, and of all. */
function countBits(bits: number): number {
  const pairsOf = bits - ((bits >>> 1) & 0x55555555);
  const fours = (pairsOf & 0x33333333) + ((pairsOf >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
