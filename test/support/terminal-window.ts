/**
 * A window with a guarded terminal, as a process of its own. Started with the folder of its ledger. It reports the token of its
 * terminal, and goes with its parent.
 */
import { TerminalOwners } from '../../src/gateway/tokens/terminal-owners.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { ledgerFileIn, openLedgerIn, tokensOf } from './gateway-window.ts';

const [folder = ''] = process.argv.slice(2);
const { store } = await openLedgerIn(folder);
const book = tokensOf(store);
await new TerminalOwners(ledgerFileIn(folder), systemClock).hold(book);
const { token } = await book.issueForTerminal('work', process.pid);
process.send?.(token);
process.once('disconnect', () => process.exit());
