import * as z from 'zod';
import { placed, type Wording } from '../../shared/l10n.ts';

const capStatuses = ['auto', '429', '402', '400'] as const;

/** The status of a cap that a client cannot wait for. `auto`: the one that the client's tool shows to its user. */
export type CapStatus = (typeof capStatuses)[number];

/** Reads `callguard.gateway.capStatus`. */
export function parseCapStatus(setting: unknown): { status: CapStatus; problems: Wording[] } {
  const parsed = z.enum(capStatuses).safeParse(setting ?? 'auto');
  if (parsed.success) return { status: parsed.data, problems: [] };
  const problem = placed('callguard.gateway.capStatus', (l10n) =>
    l10n.t('must be one of {0}; using {1}', capStatuses.join(', '), 'auto'),
  );
  return { status: 'auto', problems: [problem] };
}
