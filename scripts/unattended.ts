import type { CorePorts } from '../src/compose-core.ts';
import { createMemorySecrets } from '../src/headless/memory-secrets.ts';
import { isMachineOnline } from '../src/providers/transport/machine-online.ts';

/** What the core needs where there is no editor and no user to ask. */
export function unattended(): Omit<CorePorts, 'home' | 'env' | 'settings'> {
  return {
    secrets: createMemorySecrets(),
    // Standard output is for programs.
    log: {
      info: (text) => {
        console.error(`[info] ${text}`);
      },
      warn: (text) => {
        console.error(`[warning] ${text}`);
      },
      error: (text) => {
        console.error(`[error] ${text}`);
      },
    },
    isOnline: isMachineOnline,
    strictTls: () => true,
    createEditorModels: undefined,
    askAboutSecrets: () => Promise.resolve('refuse'),
    loadConfigure: undefined,
    onRunaway: ({ caller }) => {
      console.error(`[warning] A session of ${caller} may run in a loop.`);
    },
  };
}
