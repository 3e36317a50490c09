import type { Command } from '../command.ts';

/** What was used, against the caps and over time. */
export const showUsage: Command = {
  run: (context) => context.usagePanels.show(),
};
