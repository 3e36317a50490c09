import type { Wording } from '../shared/l10n.ts';
import type { ExactValues } from './exact.ts';
import { findFullShapes } from './shapes.ts';

/** A secret on its way out in a prompt. It says where and of what kind, never what. */
export interface FoundSecret {
  /** A detector's kind, or `loaded` for a key that is in use here. */
  readonly kind: string;
  readonly label: Wording;
  /** In UTF-16 code units, as `length`. */
  readonly index: number;
  readonly length: number;
}

const keyInUse: Wording = (l10n) => l10n.t('stored key');

/**
 * The secrets in `text`, by position: the loaded ones exactly, others by their full-length shape. Places and
 * loose shapes are not looked at: a prompt about `api_key = ...` or `sk-fading-circle` is nobody's secret.
 */
export function findSecrets(text: string, registered: Pick<ExactValues, 'find'>): FoundSecret[] {
  const loaded = registered.find(text);
  const shaped = findFullShapes(text).filter(
    (shape) =>
      !loaded.some(
        (span) => shape.index < span.index + span.length && span.index < shape.index + shape.length,
      ),
  );
  return [
    ...loaded.map((span) => ({
      kind: 'loaded',
      label: keyInUse,
      index: span.index,
      length: span.length,
    })),
    ...shaped.map(({ detector, index, length }) => ({
      kind: detector.kind,
      label: detector.label,
      index,
      length,
    })),
  ].sort((left, right) => left.index - right.index);
}
