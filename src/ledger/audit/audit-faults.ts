import { english, type L10n } from '../../shared/l10n.ts';
import { assertNever } from '../../shared/result.ts';

/** A place where the trail, or a proof of where it ends, differs from what was written. */
export type AuditFault =
  /** The row was edited, inserted, or moved. */
  | { readonly kind: 'altered'; readonly seq: number }
  | { readonly kind: 'missing'; readonly fromSeq: number; readonly toSeq: number }
  /** The rows before it may have been deleted by someone without a master key. */
  | { readonly kind: 'unsignedCheckpoint'; readonly seq: number }
  /** The end was cut off: the trail once ended with row `toSeq`. */
  | { readonly kind: 'cutTail'; readonly fromSeq: number; readonly toSeq: number }
  /** The end was cut off and rewritten: the row differs from the anchored one. */
  | { readonly kind: 'rewrittenTail'; readonly seq: number }
  /** The trail is older than its row in the secret storage, or differs from it. */
  | { readonly kind: 'rolledBack'; readonly seq: number }
  /** A truncated trail cannot be detected by this anchor. */
  | { readonly kind: 'brokenAnchor' | 'missingAnchor' | 'unsignedAnchor' | 'forgedAnchor' }
  | { readonly kind: 'unknownAnchorKey'; readonly keyId: string }
  | { readonly kind: 'unknownKey'; readonly seq: number; readonly keyId: string };

/** All messages about faults of the trail are here. */
export function describeAuditFault(fault: AuditFault, l10n: L10n = english): string {
  switch (fault.kind) {
    case 'altered':
      return l10n.t('Row {0} does not match its signature: it was edited, moved, or inserted.', fault.seq);
    case 'missing':
      return fault.fromSeq === fault.toSeq
        ? l10n.t('Row {0} is missing.', fault.fromSeq)
        : l10n.t('Rows {0} to {1} are missing.', fault.fromSeq, fault.toSeq);
    case 'unsignedCheckpoint':
      return l10n.t(
        'The checkpoint in row {0} is not signed, so rows before it may have been deleted.',
        fault.seq,
      );
    case 'cutTail':
      return fault.fromSeq === fault.toSeq
        ? l10n.t('The trail was truncated: row {0} is missing at its end.', fault.fromSeq)
        : l10n.t(
            'The trail was truncated: rows {0} to {1} are missing at its end.',
            fault.fromSeq,
            fault.toSeq,
          );
    case 'rewrittenTail':
      return l10n.t('The end of the trail was rewritten: row {0} is not the original row.', fault.seq);
    case 'rolledBack':
      return l10n.t(
        'The trail was replaced by an older copy: it does not contain row {0}, which the secret storage confirms.',
        fault.seq,
      );
    case 'brokenAnchor':
      return l10n.t('The anchor file is damaged, so a truncated trail can no longer be detected.');
    case 'missingAnchor':
      return l10n.t('The anchor file is missing, so a truncated trail can no longer be detected.');
    case 'unsignedAnchor':
      return l10n.t('The anchor file is not signed, so a truncated trail can no longer be detected.');
    case 'forgedAnchor':
      return l10n.t(
        'The anchor file does not match its signature: someone without the master key changed it.',
      );
    case 'unknownAnchorKey':
      return l10n.t(
        'The anchor file was signed with the key {0}, which is not one of the current master keys.',
        fault.keyId,
      );
    case 'unknownKey':
      return l10n.t(
        'Row {0} was signed with the key {1}, which is not in the key ring.',
        fault.seq,
        fault.keyId,
      );
    default:
      return assertNever(fault);
  }
}
