import { kib, mib } from './units.ts';

/** Files from which keys are imported. */
export const importLimits = {
  /** A `.env`, CSV or JSON file. A thousand rows of a server's table have some 300 KiB. */
  textBytes: 512 * kib,
  /** A SQLite file with its write-ahead log. A server's database may hold much besides the keys. */
  databaseBytes: 1024 * mib,
  /** For one question to a SQLite file, which a thread reads. */
  databaseMs: 10_000,
  tables: 500,
  /** The columns of a table that the user can pick from. */
  columns: 100,
  /** A table of keys has one row for each provider; a longer table holds something else. */
  rows: 1_000,
  /** The name of a table, a column, a variable or a provider. */
  nameChars: 100,
  /** One key. A service account's key in a Fernet token has some 4,000. */
  keyChars: 16 * kib,
  /** What is read of one line of a `.env` file. */
  lineChars: 32 * kib,
} as const;

export const fileLimits = {
  /** Of a PDF. */
  pages: 100_000,
  /** Of a `data:` URL, where its media type and parameters stand. */
  prefixChars: 400,
  /** Files of one request that are read for their pages or seconds. Each further one counts as one of unknown length. */
  readFiles: 100,
  /** One step of such a reading: base64 of a multiple of 3 bytes, so that each step can be decoded by itself. */
  stepChars: 64 * kib,
} as const;
