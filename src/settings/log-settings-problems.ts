import type { Disposable } from '../shared/disposable.ts';
import type { Log } from '../shared/log.ts';
import { ReportedStates } from '../shared/reported-states.ts';
import type { SettingsSource } from './settings.ts';

/** Logs the problems of the settings, each once until it is fixed. */
export function logProblems(settings: SettingsSource, log: Log): Disposable {
  const reported = new ReportedStates();
  const logNew = () => {
    for (const problem of reported.update(settings.current.problems)) log.warn(problem);
  };
  logNew();
  return settings.onDidChange(logNew);
}
