/** Where the gateway is, as clients are told. */
export function gatewayAddress(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/**
 * The variables by which well-known tools find the gateway, on top of `inherited`. OpenAI's clients take the address
 * with the version, Anthropic's without it. Null takes a variable away: a key of the user's own would go around the
 * guard, and Claude Code warns of a conflict where it finds two credentials.
 */
export function clientEnvironment(
  port: number,
  token: string,
  inherited: Readonly<Record<string, string | undefined>>,
): Record<string, string | null> {
  const address = gatewayAddress(port);
  return {
    CALLGUARD_URL: address,
    CALLGUARD_TOKEN: token,
    // The official packages, and most that are compatible with them.
    OPENAI_BASE_URL: `${address}/v1`,
    OPENAI_API_KEY: token,
    // aider, and whatever else is built on LiteLLM.
    OPENAI_API_BASE: `${address}/v1`,
    // Claude Code and the official packages.
    ANTHROPIC_BASE_URL: address,
    ANTHROPIC_AUTH_TOKEN: token,
    ANTHROPIC_API_KEY: null,
    // Tools that obey a proxy would send the token there.
    ...Object.fromEntries(
      ['NO_PROXY', 'no_proxy'].map((name) => [name, withLoopback(inherited[name] ?? inherited['NO_PROXY'])]),
    ),
  };
}

function withLoopback(list = ''): string {
  const names = list.split(',').map((name) => name.trim());
  return [...new Set([...names, '127.0.0.1', 'localhost'])].filter((name) => name !== '').join(',');
}
