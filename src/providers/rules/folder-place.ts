import { posix } from 'node:path';

/** A folder or a file, as VS Code's URIs have it. */
export interface UriParts {
  readonly scheme: string;
  /** The server of a UNC path, or the machine of a remote window. */
  readonly authority: string;
  readonly path: string;
}

/** What decides how this machine writes and compares paths. */
export interface Machine {
  readonly home: string;
  readonly platform: NodeJS.Platform;
}

const uri = /^(?<scheme>[A-Za-z][A-Za-z0-9+.-]+):\/\/(?<authority>[^/]*)(?<path>\/.*)?$/s;

/**
 * Where a rule for folders points: a path of this machine, with `~` for the home folder, or a URI. Undefined if it
 * is neither, so that no folder could ever match.
 */
export function placeOf(written: string, { home, platform }: Machine): UriParts | undefined {
  const { scheme, authority = '', path = '/' } = uri.exec(written)?.groups ?? {};
  if (scheme !== undefined) {
    return { scheme: scheme.toLowerCase(), authority: decoded(authority), path: decoded(path) };
  }
  const isOnWindows = platform === 'win32';
  const isAtHome = written === '~' || written.startsWith('~/') || (isOnWindows && written.startsWith('~\\'));
  const whole = isAtHome ? home + written.slice(1) : written;
  // Settings may be shared with a machine that runs Windows.
  if (isOnWindows || /^[A-Za-z]:[\\/]|^\\\\/.test(whole)) return windowsPlace(whole.replaceAll('\\', '/'));
  return whole.startsWith('/') || whole.startsWith('*') ? onDisk(whole) : undefined;
}

function windowsPlace(whole: string): UriParts | undefined {
  // The notation for long paths: `\\?\C:\…` and `\\?\UNC\server\share\…`.
  const plain = whole.replace(/^\/\/\?\/(?:UNC(\/))?/i, '$1$1');
  if (/^[A-Za-z]:(?:\/|$)/.test(plain)) return onDisk(`/${plain}`);
  if (plain.startsWith('//')) {
    const [authority = '', ...path] = plain.slice(2).split('/');
    return onDisk(`/${path.join('/')}`, authority);
  }
  return plain.startsWith('/') || plain.startsWith('*') ? onDisk(plain) : undefined;
}

function onDisk(path: string, authority = ''): UriParts {
  return { scheme: 'file', authority, path };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that stands for itself.
    return text;
  }
}

/** Whether the path begins with the letter of a drive. Undefined if it begins with any characters. */
export function hasDrive({ path }: UriParts): boolean | undefined {
  return path.startsWith('*') ? undefined : /^\/[A-Za-z]:/.test(path);
}

/** The place in the form in which two places are compared, as the file system does it. */
export function comparable({ scheme, authority, path }: UriParts, platform: NodeJS.Platform): UriParts {
  const whole = posix.normalize(path.normalize('NFC')).replace(/(?<=.)\/$/, '');
  const tidy = scheme === 'file' && platform === 'win32' ? withoutTrailingDots(whole) : whole;
  // Of the file systems of other machines nothing is known.
  const ignoresCase = scheme === 'file' && (platform === 'win32' || platform === 'darwin');
  // Windows has two names for the file systems of WSL.
  const server = authority.toLowerCase().replace(/^wsl\$$/, 'wsl.localhost');
  return { scheme, authority: server, path: ignoresCase ? inUpperCase(tidy) : tidy };
}

/** Windows ignores dots and blanks at the end of a name. */
function withoutTrailingDots(path: string): string {
  return path
    .split('/')
    .map((name) => name.replace(/(?<=[^. ])[. ]+$/, ''))
    .join('/');
}

/** One character for one, as NTFS and APFS do it: 'straße' is not 'STRASSE'. */
function inUpperCase(text: string): string {
  return Array.from(text, (character) => {
    const upper = character.toUpperCase();
    return upper.length === character.length ? upper : character;
  }).join('');
}
