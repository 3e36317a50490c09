import type { Command } from '../command.ts';

export const showLog: Command = {
  run: (context) => {
    context.log.show();
    return Promise.resolve();
  },
};
