import type { Command } from '../command.ts';

export const showLog: Command = {
  id: 'callguard.showLog',
  run: (context) => {
    context.log.show();
    return Promise.resolve();
  },
};
