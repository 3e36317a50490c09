import { placed, type Wording } from '../shared/l10n.ts';
import { settingsLimits } from '../shared/limits/settings-limits.ts';

/** Not assigned by IANA, and below the ports that systems hand out themselves. On a phone keypad it spells CALLS. */
export const defaultGatewayPort = 22_557;

/** On lower ports only administrators can listen. */
const lowestPort = 1_024;

/** Reads `callguard.gateway.port`. A value that cannot be read gives the default. */
export function parseGatewayPort(setting: unknown): { port: number; problems: Wording[] } {
  if (setting === undefined) return { port: defaultGatewayPort, problems: [] };
  const isPort = typeof setting === 'number' && Number.isInteger(setting);
  if (isPort && setting >= lowestPort && setting <= settingsLimits.port)
    return { port: setting, problems: [] };
  const problem = placed('callguard.gateway.port', (l10n) =>
    l10n.t(
      'must be a port between {0} and {1}; using {2}',
      lowestPort,
      settingsLimits.port,
      defaultGatewayPort,
    ),
  );
  return { port: defaultGatewayPort, problems: [problem] };
}

/** The gateway's address for clients. */
export function gatewayAddress(port: number): string {
  return `http://127.0.0.1:${port}`;
}
