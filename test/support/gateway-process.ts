/**
 * A window that takes part in the gateway, as a process of its own: the core without an editor. Several of them share
 * a folder, as windows do. Started with the folder, a port and the entries of `callguard.providers`. It reports each
 * change of its role to its parent.
 */
import { unattended } from '../../scripts/unattended.ts';
import { composeCore } from '../../src/compose-core.ts';
import type { GatewayRole } from '../../src/gateway/election/gateway-role.ts';
import { nothingOpen } from '../../src/providers/rules/tenants.ts';
import { parseSettings } from '../../src/settings/settings.ts';

export type Told = { readonly role: GatewayRole['kind'] } | { readonly stopped: true };

const [home = '', port = '', entries = '{}'] = process.argv.slice(2);
const tell = (told: Told) => process.send?.(told);
const values = new Map<string, unknown>([
  ['providers', JSON.parse(entries)],
  ['gateway.port', Number(port)],
  // No call is refused because the machine is busy with other things.
  ['ledger', { patience: 60 }],
]);
const current = parseSettings({ user: (name) => values.get(name), layers: () => [], folders: nothingOpen });
const settings = { current, onDidChange: () => ({ dispose: () => undefined }) };
const core = composeCore({ ...unattended(), home, env: {}, settings });
const gateway = await core.gateway;
gateway.onDidChange(({ kind }) => {
  tell({ role: kind });
});
void gateway.start();
process.on('message', () => {
  void core.shutDown().then(() => {
    core.dispose();
    tell({ stopped: true });
    process.disconnect();
  });
});
// Goes with its parent.
process.once('disconnect', () => process.exit());
