import type { Wording } from '../shared/l10n.ts';
import type { ExactValues } from './exact.ts';
import { findFullShapes } from './shapes.ts';

/** A secret in an outgoing prompt: its kind and its position, never its text. */
export interface FoundSecret {
  /** The kind of a detector, or `loaded` for a registered key. */
  readonly kind: string;
  readonly label: Wording;
  /** In UTF-16 code units, like `length`. */
  readonly index: number;
  readonly length: number;
}

const keyInUse: Wording = (l10n) => l10n.t('stored key');

/**
 * The secrets in `text`, by position: registered ones by their exact value, others by their full-length shape. Ignores
 * places and loose shapes, because a prompt about `api_key = ...` or `sk-fading-circle` contains no secret.
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
