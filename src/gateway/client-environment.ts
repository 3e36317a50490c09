import { secretVariables } from '../providers/config/key-variables.ts';
import { gatewayAddress } from './port-setting.ts';

/**
 * The variables that lead well-known tools to the gateway, on top of `inherited`. OpenAI's clients take the address
 * with the version, Anthropic's without it. Null removes a variable: a key of the user would bypass the guard, and a
 * master key would reach every program of the terminal. `providers`: the ids in the settings.
 */
export function clientEnvironment(
  port: number,
  token: string,
  inherited: Readonly<Record<string, string | undefined>>,
  providers: Iterable<string> = [],
): Record<string, string | null> {
  const address = gatewayAddress(port);
  const set: Record<string, string> = {
    CALLGUARD_URL: address,
    CALLGUARD_TOKEN: token,
    // OpenAI's packages and most compatible ones.
    OPENAI_BASE_URL: `${address}/v1`,
    OPENAI_API_KEY: token,
    // aider, and other tools that use LiteLLM.
    OPENAI_API_BASE: `${address}/v1`,
    // Claude Code and Anthropic's packages.
    ANTHROPIC_BASE_URL: address,
    ANTHROPIC_AUTH_TOKEN: token,
    // Gemini CLI and Google's packages, which add the version themselves.
    GOOGLE_GEMINI_BASE_URL: address,
    GEMINI_API_KEY: token,
    // Copilot CLI with a provider of one's own. The user names the model in COPILOT_MODEL.
    COPILOT_PROVIDER_TYPE: 'openai',
    COPILOT_PROVIDER_BASE_URL: `${address}/v1`,
    COPILOT_PROVIDER_API_KEY: token,
    // Without this, tools with a proxy would send the token to it.
    ...Object.fromEntries(
      ['NO_PROXY', 'no_proxy'].map((name) => [name, withLoopback(inherited[name] ?? inherited['NO_PROXY'])]),
    ),
  };
  const removed = [...secretVariables(providers, Object.keys(inherited))].filter((name) => !(name in set));
  // What is removed comes first: on Windows another spelling of a name is the same variable.
  return { ...Object.fromEntries(removed.map((name) => [name, null])), ...set };
}

function withLoopback(list = ''): string {
  const names = list.split(',').map((name) => name.trim());
  return [...new Set([...names, '127.0.0.1', 'localhost'])].filter((name) => name !== '').join(',');
}
