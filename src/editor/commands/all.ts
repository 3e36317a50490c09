import type { Command } from '../command.ts';
import { ask } from './ask.ts';
import { exportAudit, showAudit, verifyAudit } from './audit.ts';
import { configureProvider, editProvider } from './configure-provider.ts';
import { confirmOrigin } from './confirm-origin.ts';
import { explainKey } from './explain-key.ts';
import { importKeys } from './import-keys.ts';
import { providerActs } from './provider-acts.ts';
import { setHeaderSecret } from './header-secret.ts';
import { refreshModels } from './refresh-models.ts';
import { removeProvider } from './remove-provider.ts';
import { replaceKey } from './replace-key.ts';
import { rotateMasterKey } from './rotate-master-key.ts';
import { showLog } from './show-log.ts';
import { showStatus } from './show-status.ts';
import { testProvider } from './test-provider.ts';
import { trySandbox } from './try-sandbox.ts';

/** Every command; a test compares the ids with package.json. */
export const commands: readonly Command[] = [
  ask,
  configureProvider,
  editProvider,
  refreshModels,
  testProvider,
  removeProvider,
  setHeaderSecret,
  replaceKey,
  confirmOrigin,
  explainKey,
  rotateMasterKey,
  importKeys,
  ...providerActs,
  showStatus,
  showAudit,
  verifyAudit,
  exportAudit,
  trySandbox,
  showLog,
];
