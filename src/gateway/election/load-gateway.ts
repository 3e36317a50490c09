import { ProcessLock } from '../../ledger/db/process-lock.ts';
import type { LedgerStore } from '../../ledger/ledger-store.ts';
import type { Redactor } from '../../redaction/redact.ts';
import type { LoadedGateway } from './gateway-election.ts';
import type { GatewayPorts } from '../gateway-ports.ts';
import { defaultGatewayOptions, Gateway } from '../gateway.ts';
import { ledgerTokens } from '../tokens/ledger-tokens.ts';
import { livingTokens, TerminalOwners } from '../tokens/terminal-owners.ts';
import { TokenBook } from '../tokens/tokens.ts';

export interface LoadOptions extends Omit<GatewayPorts, 'tokens'> {
  readonly store: LedgerStore;
  /** The file that all windows lock. */
  readonly lockFile: string;
  /** Gets to know the tokens that clients use. */
  readonly redactor: Pick<Redactor, 'register'>;
}

/** Builds the parts that a window needs to serve the gateway. Rejects while the ledger cannot be written. */
export async function loadGateway({
  store,
  lockFile,
  redactor,
  ...ports
}: LoadOptions): Promise<LoadedGateway> {
  const book = new TokenBook(ledgerTokens(store), ports.clock, redactor);
  const owners = new TerminalOwners(lockFile, ports.clock);
  await book.revokeOrphans((process) => owners.isAlive(process));
  const tokens = livingTokens(book, owners);
  return {
    lock: new ProcessLock(lockFile),
    create: (port) => new Gateway({ ...ports, tokens }, { ...defaultGatewayOptions, port }),
  };
}
