import { isUtf8 } from 'node:buffer';
import { redactionLimits, sliceLimits } from '../../shared/limits.ts';
import type { Work } from '../../shared/slices.ts';

/** The text that bytes or a string hold in some encoding. */
export interface EncodedText<T> {
  readonly text: string;
  /** Another text in the same encoding. */
  readonly encode: (text: string) => Work<T>;
}

/** Binary files have more control characters; a log in colours has fewer. */
const controlShare = 1 / 32;
/** Shorter base64 cannot hold a key. */
const shortestBase64 = 16;
const textControls = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x1b]);
const base64 = /^[A-Za-z0-9+/_\r\n-]*={0,2}\s*$/;
const base64Piece = /^[A-Za-z0-9+/_\r\n-]*$/;
const dataUrl = /^data:([^,]{0,256}),/i;

/** The text of a file, whatever its media type says. Undefined for images and other binary files. */
export function textOfBytes(file: Uint8Array): EncodedText<Buffer> | undefined {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decoded(bytes, 'utf16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff && bytes.length % 2 === 0) {
    const swapped = decoded(Buffer.from(bytes).swap16(), 'utf16le');
    return {
      ...swapped,
      *encode(text) {
        return (yield* swapped.encode(text)).swap16();
      },
    };
  }
  const head = bytes.subarray(0, redactionLimits.fileHeadBytes);
  if (head.includes(0) || head.filter(isControl).length > head.length * controlShare) return undefined;
  return decoded(bytes, isUtf8(bytes) ? 'utf8' : 'latin1');
}

/** The text in a string that is base64 or a data URL as a whole. Undefined for any other string. */
export function* textOfString(whole: string): Work<EncodedText<string> | undefined> {
  const [lead, parameters = ''] = dataUrl.exec(whole) ?? [''];
  if (lead !== '' && !/;\s*base64\s*$/i.test(parameters)) return yield* percentDecoded(lead, whole);
  const rest = lead === '' ? whole : whole.slice(lead.length);
  const head = rest.slice(0, redactionLimits.fileHeadBytes);
  // A longer one is searched in pieces, like base64 in any other text.
  if (rest.length > redactionLimits.wholeBase64Chars) return undefined;
  if (head.length < shortestBase64 || !base64.test(head)) return undefined;
  // Images end here.
  const headText = textOfBytes(Buffer.from(head.slice(0, head.length & ~3), 'base64'));
  if (headText === undefined || !(yield* isBase64(rest))) return undefined;
  const bytes = Buffer.from(rest, 'base64');
  yield;
  // Any word of letters and digits is base64 of something. A data URL says that it is.
  if (lead === '' && !isUtf8(bytes) && bytes[0] !== 0xff && bytes[0] !== 0xfe) return undefined;
  const file = textOfBytes(bytes);
  const alphabet = /[-_]/.test(rest) ? 'base64url' : 'base64';
  return (
    file && {
      text: file.text,
      *encode(text) {
        return lead + (yield* file.encode(text)).toString(alphabet);
      },
    }
  );
}

/** In pieces, because a text may be of any length. */
function* isBase64(text: string): Work<boolean> {
  let at = 0;
  for (; at + sliceLimits.bytes < text.length; at += sliceLimits.bytes) {
    if (!base64Piece.test(text.slice(at, at + sliceLimits.bytes))) return base64.test(text.slice(at));
    yield;
  }
  return base64.test(text.slice(at));
}

/** Tab, line feed, form feed, carriage return and escape are part of texts. */
function isControl(byte: number): boolean {
  return (byte < 0x20 && !textControls.has(byte)) || byte === 0x7f;
}

function decoded(bytes: Buffer, encoding: 'utf8' | 'utf16le' | 'latin1'): EncodedText<Buffer> {
  return {
    text: bytes.toString(encoding),
    *encode(text) {
      yield;
      return Buffer.from(text, encoding);
    },
  };
}

function* percentDecoded(lead: string, whole: string): Work<EncodedText<string> | undefined> {
  try {
    return {
      text: yield* inPieces(whole, lead.length, endOfEscapes, decodeURIComponent),
      *encode(text) {
        return lead + (yield* inPieces(text, 0, endOfCharacter, encodeURIComponent));
      },
    };
  } catch {
    // A lone % stands for itself. Such a text is read as it is.
    return undefined;
  }
}

/** Converts the text from `start` on, in pieces of which each ends where `endOf` says. */
function* inPieces(
  text: string,
  start: number,
  endOf: (text: string, at: number) => number,
  convert: (piece: string) => string,
): Work<string> {
  const pieces: string[] = [];
  for (let at = start; at < text.length; yield) {
    const end = endOf(text, at + sliceLimits.bytes);
    pieces.push(convert(text.slice(at, end)));
    at = end;
  }
  return pieces.join('');
}

/** Not inside `%E2%82%AC`: an escape, or the escapes of one character. They are at most four. */
function endOfEscapes(text: string, at: number): number {
  const cut = text.slice(at - 2, at).indexOf('%');
  let end = cut < 0 ? at : at - 2 + cut;
  for (let back = 0; back < 3 && /^%[89ab]/i.test(text.slice(end, end + 2)); back += 1) end -= 3;
  return end;
}

/** Not between the two halves of a surrogate pair. */
function endOfCharacter(text: string, at: number): number {
  return /[\ud800-\udbff]/.test(text.charAt(at - 1)) ? at - 1 : at;
}
