import type { Wording } from '../../shared/l10n.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { Secret } from '../../shared/secret.ts';
import { looksLikeToken } from '../../vault/fernet.ts';
import { decodeLegacyValue } from '../../vault/legacy.ts';
import { MasterKey } from '../../vault/master-key.ts';
import type { SourceRow } from './source-row.ts';
import { lengthProblem } from './table.ts';

/** Whether any of the rows is a Fernet token, which only the server's key opens. */
export function hasTokens(rows: readonly SourceRow[]): boolean {
  return rows.some(({ value }) => looksLikeToken(value.reveal().trim()));
}

/** The server's Fernet keys, separated by commas as for MultiFernet; undefined if one of them is invalid. */
export function parseServerKeys(text: string): readonly MasterKey[] | undefined {
  const keys = text.split(',').map((part) => MasterKey.parse(part));
  return keys.every((key) => key !== undefined) ? keys : undefined;
}

/** Why `parseServerKeys` refuses the text; undefined if it does not. */
export function serverKeyProblem(text: string): Wording | undefined {
  if (parseServerKeys(text) !== undefined) return undefined;
  return text.split(',').some((part) => MasterKey.isWeak(part))
    ? (l10n) => l10n.t('This Fernet key is not random: its bytes follow a pattern, so it can be guessed.')
    : (l10n) => l10n.t('A Fernet key is 32 bytes in base64 (44 characters).');
}

/** The key in a source's value, or why there is none. The reason does not quote the value. */
export function decodeSourceValue(value: Secret, serverKeys: readonly MasterKey[]): Result<Secret, Wording> {
  const tooLong = lengthProblem(value.reveal());
  if (tooLong !== undefined) return err(tooLong);
  const ring = { source: 'environment', current: undefined, previous: serverKeys } as const;
  const decoded = decodeLegacyValue(value.reveal(), ring);
  if (!decoded.ok) {
    if (decoded.error === 'empty') return err((l10n) => l10n.t('it is empty'));
    return err((l10n) =>
      serverKeys.length === 0
        ? l10n.t("it is a Fernet token, but you did not enter the server's key")
        : l10n.t("it is a Fernet token that the server's key cannot decrypt"),
    );
  }
  const key = decoded.value.trim();
  return /^[\x21-\x7e]+$/.test(key)
    ? ok(new Secret(key))
    : err((l10n) => l10n.t('it is not a key: it contains spaces or non-ASCII characters'));
}
