/** Below the ports that systems hand out by themselves, and assigned to nobody. On a telephone it spells CALLS. */
export const defaultGatewayPort = 22_557;

/** Reads `callguard.gateway.port`; what it cannot read leaves the default. Below 1024 only administrators may listen. */
export function parseGatewayPort(setting: unknown): { port: number; problems: string[] } {
  if (setting === undefined) return { port: defaultGatewayPort, problems: [] };
  if (typeof setting === 'number' && Number.isInteger(setting) && setting >= 1_024 && setting <= 65_535) {
    return { port: setting, problems: [] };
  }
  const problem = `callguard.gateway.port: expected a port from 1024 to 65535; until then it is ${defaultGatewayPort}`;
  return { port: defaultGatewayPort, problems: [problem] };
}
