import path from 'node:path';

/**
 * Reads `callguard.metrics.textfile`. The collector reads files whose names end with `.prom` and no others, and a
 * path that depends on where the editor was started would be somewhere else the next time.
 */
export function parseTextfilePath(
  setting: unknown,
  home: string,
): { file: string | undefined; problems: string[] } {
  if (setting === undefined || setting === '') return { file: undefined, problems: [] };
  const problem = (why: string) => ({ file: undefined, problems: [`callguard.metrics.textfile: ${why}`] });
  if (typeof setting !== 'string') return problem('expected a path');
  const file = setting.replace(/^~(?=[/\\])/, () => home);
  if (!path.isAbsolute(file)) return problem(`expected an absolute path, got '${setting}'`);
  if (path.extname(file) !== '.prom') return problem("the file's name must end with .prom");
  return { file, problems: [] };
}
