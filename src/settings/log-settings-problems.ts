import type { Disposable } from '../shared/disposable.ts';
import type { Log } from '../shared/log.ts';
import type { SettingsSource } from './settings.ts';

/** Writes what is wrong with the settings into the log: each problem once, until it is mended. */
export function logProblems(settings: SettingsSource, log: Log): Disposable {
  let known: readonly string[] = [];
  const logNew = () => {
    const { problems } = settings.current;
    for (const problem of problems) if (!known.includes(problem)) log.warn(problem);
    known = problems;
  };
  logNew();
  return settings.onDidChange(logNew);
}
