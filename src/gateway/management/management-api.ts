import { once } from 'node:events';
import * as z from 'zod';
import { deniedModels } from '../../providers/rules/policy-problems.ts';
import { parseProvider } from '../../providers/config/provider-config.ts';
import { isEntry } from '../../providers/config/provider-entry.ts';
import { parseJson } from '../../shared/json.ts';
import { english } from '../../shared/l10n.ts';
import { gatewayLimits } from '../../shared/limits.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { stopping, type GatewayError } from '../http/gateway-error.ts';
import type { GatewayPorts } from '../gateway-ports.ts';

const testSchema = z.strictObject({
  provider: z.string().min(1).max(gatewayLimits.providerChars),
  model: z.string().min(1).max(gatewayLimits.modelChars).optional(),
});
const configureSchema = z.strictObject({
  provider: z.string().min(1).max(gatewayLimits.providerChars),
  settings: z.record(z.string(), z.unknown()),
});

const noDialog: GatewayError = {
  status: 409,
  code: 'no_dialog',
  message:
    'Callguard is running without VS Code, so no user can confirm this. Edit the settings file instead.',
};

/** `POST /api/llm/test`: `{ "provider": …, "model"?: … }`. */
export async function testProvider(
  body: Buffer,
  { management, settings }: GatewayPorts,
  signal: AbortSignal,
): Promise<Result<object, GatewayError>> {
  const asked = parse(testSchema, body);
  if (!asked.ok) return asked;
  const { provider, model } = asked.value;
  if (!settings().providers.usable.has(provider)) {
    return err({
      status: 404,
      code: 'provider_not_found',
      message: `No usable provider has the ID '${provider}'.`,
    });
  }
  return ok(await management.test(provider, model, signal));
}

/**
 * `POST /api/llm/provider/configure`: `{ "provider": …, "settings": … }`, the settings as in `callguard.providers`.
 * They are checked first, and saved only if the user confirms them.
 */
export async function configureProvider(
  body: Buffer,
  { management: { configure } }: GatewayPorts,
  signal: AbortSignal,
): Promise<Result<object, GatewayError>> {
  if (configure === undefined) return err(noDialog);
  const asked = parse(configureSchema, body);
  if (!asked.ok) return asked;
  const { provider, settings } = asked.value;
  const config = parseProvider(provider, settings);
  const problems = 'problems' in config ? config.problems : deniedModels(config);
  if ('problems' in config || problems.length > 0 || !isEntry(settings)) {
    return err(invalid(problems.map((problem) => problem(english)).join('; ')));
  }
  if (JSON.stringify(settings).length > gatewayLimits.confirmedChars) {
    return err(
      invalid(
        `The settings are longer than ${gatewayLimits.confirmedChars} characters, which is too long for a user to confirm.`,
      ),
    );
  }
  if (signal.aborted) return err(stopping);
  // A dialog cannot be closed by code, so a stop must not wait for it.
  const left = once(signal, 'abort').then(() => undefined);
  const agreed = await Promise.race([configure.confirm(config, settings, signal), left]);
  if (agreed === undefined) return err(stopping);
  if (!agreed) return err({ status: 403, code: 'declined', message: 'The user declined the request.' });
  await configure.save(provider, settings);
  return ok({ provider, saved: true });
}

function parse<T>(schema: z.ZodType<T>, body: Buffer): Result<T, GatewayError> {
  const parsed = schema.safeParse(parseJson(body.toString('utf8')));
  if (parsed.success) return ok(parsed.data);
  return err(
    invalid(parsed.error.issues.map(({ path, message }) => [...path, message].join(': ')).join('; ')),
  );
}

function invalid(message: string): GatewayError {
  return { status: 400, code: 'invalid_request', message };
}
