/** Errors of `node:sqlite` carry SQLite's extended result code. Its low byte is the primary code, as listed below. */
interface SqliteError extends Error {
  readonly errcode: number;
}

// https://sqlite.org/rescode.html
/** SQLITE_BUSY and SQLITE_LOCKED. */
const busyCodes = [5, 6];
/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const damageCodes = [11, 26];
/** SQLITE_IOERR, SQLITE_PROTOCOL, and SQLITE_NOLFS: what a network drive without locks or shared memory leads to. */
const driveCodes = [10, 15, 22];

export function isSqliteError(error: unknown): error is SqliteError {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
}

/** A row has a whole number that JavaScript cannot hold. `node:sqlite` throws this for it. */
export function isUnreadableNumber(error: unknown): error is RangeError {
  return error instanceof RangeError && 'code' in error && error.code === 'ERR_OUT_OF_RANGE';
}

/** Another window holds the lock. */
export function isBusy(error: unknown): boolean {
  return hasCode(error, busyCodes);
}

export function isDamage(error: unknown): boolean {
  return hasCode(error, damageCodes);
}

/** SQLite's own words, and what to do where the drive may be the reason. */
export function describeSqliteError(error: Error): string {
  return hasCode(error, driveCodes) ? `${error.message}. ${driveAdvice}` : error.message;
}

export const driveAdvice =
  'If its folder is on a network drive, choose a folder on a local disk in callguard.ledgerFolder and reload the window';

function hasCode(error: unknown, codes: readonly number[]): boolean {
  return isSqliteError(error) && codes.includes(error.errcode & 0xff);
}
