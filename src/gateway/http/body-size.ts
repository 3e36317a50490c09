import { bodyLimits } from '../../shared/limits/settings-limits.ts';
import { mib } from '../../shared/limits/units.ts';
import { placed, type Wording } from '../../shared/l10n.ts';

const defaultMib = bodyLimits.bytes / mib;
/** A larger one would never find room. */
const mostMib = bodyLimits.allBytes / mib;

/** Reads `callguard.gateway.maxBodyMiB`: the largest body of a request. A value that cannot be read gives the default. */
export function parseBodySize(setting: unknown): { bytes: number; problems: Wording[] } {
  if (setting === undefined) return { bytes: bodyLimits.bytes, problems: [] };
  const isWhole = typeof setting === 'number' && Number.isInteger(setting);
  if (isWhole && setting >= 1 && setting <= mostMib) return { bytes: setting * mib, problems: [] };
  const problem = placed('callguard.gateway.maxBodyMiB', (l10n) =>
    l10n.t('must be a whole number from {0} to {1}; using {2}', 1, mostMib, defaultMib),
  );
  return { bytes: bodyLimits.bytes, problems: [problem] };
}
