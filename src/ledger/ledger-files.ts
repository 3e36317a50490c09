import { createHash } from 'node:crypto';
import path from 'node:path';
import { placed, type Wording } from '../shared/l10n.ts';

/** The files that a window opens for its ledger. */
export interface LedgerFiles {
  readonly database: string;
  /** Locked by the window that serves the gateway. */
  readonly gatewayLock: string;
  /** Where the head of the audit trail is anchored, outside the database's folder. */
  readonly anchor: string;
}

/** `home`: the extension's storage. `folder`: the setting `callguard.ledgerFolder`; undefined for a folder of `home`. */
export function ledgerFiles(home: string, folder: string | undefined): LedgerFiles {
  const inFolder = folder ?? path.join(home, 'ledger');
  // Each ledger has a trail and so an anchor of its own.
  const mark =
    folder === undefined ? '' : `-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`;
  return {
    database: path.join(inFolder, 'callguard.db'),
    gatewayLock: path.join(inFolder, 'gateway.lock'),
    anchor: path.join(home, 'keys', `audit-anchor${mark}.json`),
  };
}

/** Reads `callguard.ledgerFolder`. The path must be absolute, because the editor may start in another folder next time. */
export function parseLedgerFolder(
  setting: unknown,
  home: string,
): { folder: string | undefined; problems: Wording[] } {
  if ((setting ?? '') === '') return { folder: undefined, problems: [] };
  if (typeof setting === 'string') {
    const folder = setting.replace(/^~(?=[/\\]|$)/, () => home);
    if (path.isAbsolute(folder)) return { folder: path.normalize(folder), problems: [] };
  }
  const problem = placed('callguard.ledgerFolder', (l10n) =>
    l10n.t('must be the absolute path of a folder; using the default folder'),
  );
  return { folder: undefined, problems: [problem] };
}
