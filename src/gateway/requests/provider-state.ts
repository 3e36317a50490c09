import type { ProviderConfig } from '../../providers/config/provider-config.ts';
import type { BuiltInTool } from '../../providers/config/provider-entry.ts';
import type { ScannedRequest } from '../../providers/passthrough/scan-request.ts';
import { plainFieldName } from '../../shared/fold-case.ts';
import type { JsonObject } from '../../shared/json-members.ts';
import { gatewayLimits } from '../../shared/limits.ts';
import type { GatewayError } from '../http/gateway-error.ts';

/** Fields that use what the provider stores, with the values of each that do not. All tenants share its key. */
const stateFields: ReadonlyMap<string, RegExp> = new Map([
  ['background', /^[fn]/],
  ['conversation', /^n/],
  ['cachedcontent', /^n/],
  // The prompt of a completion is a text or a list.
  ['prompt', /^[^{]/],
]);

const why = 'What a provider stores is shared by all tenants of its key. Send the content itself.';

/** The error for a field that uses state at the provider. */
export function stateError({ bytes, members, hasStoredFile }: ScannedRequest): GatewayError | undefined {
  const field = members.find(({ name, valueStart }) => {
    const none = stateFields.get(plainFieldName(name));
    return none !== undefined && !none.test(String.fromCharCode(bytes[valueStart] ?? 0));
  });
  if (field !== undefined) return refused(field.name);
  return hasStoredFile ? refused('fileData.fileUri') : undefined;
}

function refused(field: string): GatewayError {
  const message = `The field '${field.slice(0, gatewayLimits.shownFieldChars)}' is not supported. ${why}`;
  return { status: 400, code: 'unsupported_field', message };
}

/** The error for a tool that names servers or models, if the settings of a provider do not allow it. */
export function toolError(
  tools: readonly BuiltInTool[],
  configs: readonly (ProviderConfig | undefined)[],
): GatewayError | undefined {
  for (const tool of tools) {
    const refusing = configs.find((config) => config?.builtInTools.includes(tool) === false);
    if (refusing === undefined) continue;
    const message = `The tool '${tool}' is not allowed, because it can reach other servers or models. To allow it, add '${tool}' to builtInTools of the provider ${refusing.id}.`;
    return { status: 400, code: 'unsupported_tool', message };
  }
  return undefined;
}

export const foreignResponse: GatewayError = {
  status: 400,
  code: 'unknown_response',
  message:
    'previous_response_id names no response of this tenant within the last hour. Send the whole conversation in the input instead, or start a new one.',
};

/** The response that the request continues. Undefined if it continues none, null if its name is not a text. */
export function previousResponseOf(body: JsonObject): string | undefined | null {
  const member = body.members.find(({ name }) => name === 'previous_response_id');
  if (member === undefined) return undefined;
  const value: unknown = JSON.parse(body.bytes.toString('utf8', member.valueStart, member.valueEnd));
  if (value === null) return undefined;
  return typeof value === 'string' ? value : null;
}
