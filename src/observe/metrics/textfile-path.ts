import path from 'node:path';
import { placed, type Wording } from '../../shared/l10n.ts';

/**
 * Reads `callguard.metrics.textfile`. The path must be absolute, because the editor may start in another folder next
 * time, and must end with `.prom`, because the collector reads no other files.
 */
export function parseTextfilePath(
  setting: unknown,
  home: string,
): { file: string | undefined; problems: Wording[] } {
  if (setting === undefined || setting === '') return { file: undefined, problems: [] };
  const problem = (why: Wording) => ({
    file: undefined,
    problems: [placed('callguard.metrics.textfile', why)],
  });
  if (typeof setting !== 'string') return problem((l10n) => l10n.t('must be a path'));
  const file = setting.replace(/^~(?=[/\\])/, () => home);
  if (!path.isAbsolute(file))
    return problem((l10n) => l10n.t("must be an absolute path, not '{0}'", setting));
  if (path.extname(file) !== '.prom') return problem((l10n) => l10n.t('must end with {0}', '.prom'));
  return { file, problems: [] };
}
