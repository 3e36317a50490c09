/**
 * Words by which providers name an error, in `code`, `type`, `status` or `reason`, with the HTTP status that each stands
 * for. Without the ending 'error' or 'exception': see `wordOf`.
 */
const statuses: Readonly<Record<number, readonly string[]>> = {
  400: [
    ...['invalid_request', 'bad_request', 'invalid_argument', 'invalid_parameter', 'missing_parameter'],
    ...['invalid_prompt', 'invalid_value', 'invalid_type', 'invalid_json', 'invalid_request_body'],
    ...['unsupported_parameter', 'unsupported_value', 'unknown_parameter', 'missing_required_parameter'],
    ...['context_length_exceeded', 'context_window_exceeded', 'exceed_context_size', 'out_of_range'],
    ...['string_above_max_length', 'failed_precondition', 'validation', 'extra_forbidden'],
    ...['invalid_image', 'invalid_function_parameters', 'operation_not_supported', 'unsupported_model'],
    ...['content_policy_violation', 'content_filter', 'data_inspection_failed', 'sensitive_content_detected'],
  ],
  401: [
    ...['authentication', 'invalid_api_key', 'api_key_invalid', 'unauthenticated', 'unauthorized'],
    ...['invalid_authentication', 'missing_api_key', 'incorrect_api_key', 'expired_api_key', 'wrong_api_key'],
    ...['authentication_failed', 'invalid_token', 'token_expired', 'expired_token', 'unrecognized_client'],
  ],
  403: ['permission', 'permission_denied', 'forbidden', 'access_denied', 'access_terminated'],
  404: [
    ...['not_found', 'model_not_found', 'resource_not_found', 'deployment_not_found', 'model_not_available'],
    ...['model_not_open', 'unknown_model'],
  ],
  408: ['request_timeout', 'model_timeout'],
  409: ['conflict', 'aborted', 'already_exists'],
  413: ['request_too_large', 'payload_too_large', 'tokens_limit_reached'],
  422: ['unprocessable_entity'],
  429: [
    ...['rate_limit', 'rate_limit_exceeded', 'rate_limit_reached', 'rate_limited', 'too_many_requests'],
    ...['model_rate_limit', 'too_many_tokens'],
    ...['resource_exhausted', 'throttling', 'throttled', 'quota_exceeded', 'request_quota_exceeded'],
    ...['token_quota_exceeded', 'queue_exceeded', 'limit_requests', 'limit_burst_rate', 'set_limit_exceeded'],
    ...['concurrency_limit_exceeded', 'service_tier_capacity_exceeded', 'model_not_ready', 'no_capacity'],
  ],
  500: ['server', 'internal', 'internal_server', 'internal_service', 'api'],
  503: ['unavailable', 'service_unavailable', 'server_overloaded', 'model_loading'],
  504: ['timeout', 'deadline_exceeded', 'gateway_timeout'],
  529: ['overloaded', 'engine_overloaded'],
};

/** Those that say that credit or quota is used up. */
const credit = [
  ...['insufficient_quota', 'billing_hard_limit_reached', 'insufficient_balance', 'insufficient_credits'],
  ...[
    'exceeded_current_quota',
    'credit_balance_too_low',
    'billing',
    'insufficient_funds',
    'payment_required',
  ],
  ...['insufficient_user_quota', 'billing_not_active', 'credit_limit', 'spending_limit', 'budget_exceeded'],
  ...['arrearage', 'account_overdue', 'not_enough_balance', 'out_of_credits'],
];

/** Numbers that say the same: Zhipu's, and SiliconFlow's two. */
const creditNumbers: ReadonlySet<string> = new Set(['1113', '30001', '30011']);

/** Zhipu's numbers of too many requests (its API reference, 'Error codes'). */
const rateNumbers: ReadonlySet<string> = new Set(['1302', '1303', '1304', '1305', '1308']);

/** MiniMax's own numbers (its API reference, 'Error codes'), which come with an HTTP 200. */
const numbersOfMiniMax: Readonly<Record<number, number>> = {
  ...{ 1001: 504, 1002: 429, 1004: 401, 1008: 402, 1026: 400, 1027: 400, 1039: 429, 1041: 429 },
  ...{ 2013: 400, 2045: 429, 2049: 401, 2056: 429 },
};

const longestName = 100;

/** `InvalidRequestError`, `INVALID_REQUEST` and `invalid_request_error` are one word. */
export function wordOf(name: string): string {
  const letters = name
    .slice(0, longestName)
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '');
  return letters.replace(/(?<=.)(?:error|exception)$/, '');
}

/** The words of a name: itself, and its parts, as in `RateLimitExceeded.EndpointRPMExceeded`. */
export function wordsOf(name: string): string[] {
  const parts = name.slice(0, longestName).split(/[.:]/);
  return parts.length === 1 ? [wordOf(name)] : [wordOf(name), ...parts.map(wordOf)];
}

const statusByWord: ReadonlyMap<string, number> = new Map(
  Object.entries(statuses).flatMap(([status, names]) => names.map((name) => [wordOf(name), Number(status)])),
);

const creditWords: ReadonlySet<string> = new Set(credit.map(wordOf));

export function statusOfName(name: string): number | undefined {
  const words = wordsOf(name);
  if (creditNumbers.has(name) || rateNumbers.has(name)) return 429;
  if (words.some((word) => creditWords.has(word))) return 429;
  return words.map((word) => statusByWord.get(word)).find((status) => status !== undefined);
}

export function statusOfMiniMax(number: unknown): number | undefined {
  return typeof number === 'number' ? numbersOfMiniMax[number] : undefined;
}

/** Whether one of these codes or types says that credit or quota is used up. */
export function isCreditName(name: string): boolean {
  return creditNumbers.has(name) || wordsOf(name).some((word) => creditWords.has(word));
}

/** Whether one of the names stands for this status. */
export function hasNameFor(names: readonly string[], status: number): boolean {
  return names.some((name) => wordsOf(name).some((word) => statusByWord.get(word) === status));
}
