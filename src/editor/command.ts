import type { Guard } from '../guard/guard.ts';
import type { Clock } from '../shared/clock.ts';
import type { Log } from './log.ts';
import type { EditorSettings } from './settings.ts';

/** What commands work with. */
export interface CommandContext {
  readonly guard: Guard;
  readonly settings: EditorSettings;
  readonly log: Log;
  readonly clock: Clock;
}

/** A command is data: its id, as package.json declares it, and what it does. */
export interface Command {
  readonly id: string;
  readonly run: (context: CommandContext, ...args: unknown[]) => unknown;
}
