import type { Target } from '../guard/call.ts';
import type { CallResult } from '../guard/call-state.ts';
import { codeOf } from '../guard/outcome.ts';
import { adviceFor } from './advice.ts';

/** The result of a test for other programs. `message` is the result in words. */
export function testDocument(target: Target, result: CallResult, message: string): object {
  const code = result.kind === 'failed' ? codeOf(result.failure) : undefined;
  const requestId = 'requestId' in result ? result.requestId : undefined;
  const timings = 'timings' in result ? result.timings : undefined;
  return {
    ok: result.kind === 'done',
    ...target,
    message,
    advice: adviceFor(result) ?? null,
    attempts: result.attempts,
    ...(code === undefined ? {} : { provider_code: code }),
    ...(requestId === undefined ? {} : { provider_request_id: requestId }),
    connected_ms: timings?.connectedMs ?? null,
    headers_ms: timings?.headersMs ?? null,
    first_content_ms: timings?.firstContentMs ?? null,
    usage:
      result.kind === 'done'
        ? {
            input_tokens: result.usage.inputTokens,
            cached_input_tokens: result.usage.cachedInputTokens,
            output_tokens: result.usage.outputTokens,
            cost_usd: result.usage.costMicroUsd === undefined ? null : result.usage.costMicroUsd / 1e6,
            ...(result.costSource === undefined ? {} : { cost_source: result.costSource }),
            estimated: result.usage.estimated,
          }
        : null,
  };
}
