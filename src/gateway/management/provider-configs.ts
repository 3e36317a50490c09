import type { ProviderConfig, Providers } from '../../providers/config/provider-config.ts';
import { english } from '../../shared/l10n.ts';

/** `GET /api/llm/provider/configs`: each provider's settings, without keys and values of headers and parameters. */
export function providerConfigs({ usable, broken }: Providers): object {
  return {
    providers: [...usable.values()].map(publicConfig),
    broken: broken.map(({ id, problems }) => ({ id, problems: problems.map((problem) => problem(english)) })),
  };
}

function publicConfig(config: ProviderConfig): object {
  const { id, kind, dialect, enabled, baseUrl, models, policy, limits, headers, query } = config;
  const seconds = (ms: number) => ms / 1_000;
  return {
    id,
    kind,
    dialect,
    enabled,
    base_url: baseUrl ?? null,
    models,
    allow: policy.allow,
    deny: policy.deny,
    default: policy.default,
    limits,
    strict_limits: config.strictLimits,
    timeouts: {
      connect: seconds(config.timeouts.connectMs),
      read: seconds(config.timeouts.readMs),
      headers: seconds(config.timeouts.headersMs),
      first_content: seconds(config.timeouts.firstContentMs),
      call: seconds(config.timeouts.callMs),
    },
    headers: Object.keys(headers),
    query: Object.keys(query),
  };
}
