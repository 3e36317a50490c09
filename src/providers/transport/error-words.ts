/** Words by which providers name an error, in `code`, `type` or `status`, with the HTTP status that each stands for. */
const statuses: Readonly<Record<number, readonly string[]>> = {
  400: [
    ...['invalid_request_error', 'invalid_request', 'bad_request', 'bad_request_error', 'invalid_argument'],
    ...['context_length_exceeded', 'string_above_max_length', 'content_policy_violation', 'invalid_prompt'],
    ...['failed_precondition', 'out_of_range', 'unsupported_parameter', 'unsupported_value', 'invalid_value'],
    ...['invalid_image', 'invalid_function_parameters', 'validation_error', 'context_window_exceeded'],
    ...['context_window_exceeded_error', 'invalid_parameter_error', 'exceed_context_size_error'],
  ],
  401: [
    ...['authentication_error', 'invalid_api_key', 'api_key_invalid', 'unauthenticated', 'unauthorized'],
    ...['invalid_authentication', 'invalid_authentication_error', 'missing_api_key', 'incorrect_api_key'],
    ...['incorrect_api_key_error', 'expired_api_key'],
  ],
  403: ['permission_error', 'permission_denied', 'permission_denied_error', 'forbidden', 'access_denied'],
  404: [
    'not_found',
    'not_found_error',
    'model_not_found',
    'model_not_found_error',
    'resource_not_found_error',
  ],
  413: ['request_too_large', 'payload_too_large'],
  422: ['unprocessable_entity', 'unprocessable_entity_error'],
  429: [
    ...['rate_limit_error', 'rate_limit_exceeded', 'rate_limit_reached_error', 'too_many_requests'],
    ...['resource_exhausted', 'tokens_limit_reached', 'rate_limited', 'throttling', 'throttling_exception'],
  ],
  500: ['server_error', 'internal', 'internal_error', 'internal_server_error', 'api_error'],
  503: ['unavailable', 'service_unavailable', 'service_unavailable_error', 'server_overloaded'],
  504: ['timeout_error', 'deadline_exceeded', 'timeout'],
  529: ['overloaded_error', 'overloaded', 'engine_overloaded_error'],
};

/** Those that say that credit or quota is used up. */
const credit = [
  ...['insufficient_quota', 'billing_hard_limit_reached', 'insufficient_balance', 'insufficient_credits'],
  ...['exceeded_current_quota_error', 'credit_balance_too_low', 'billing_error', 'insufficient_funds'],
  ...['insufficient_user_quota', 'billing_not_active'],
];

/** `InvalidRequestError`, `INVALID_REQUEST_ERROR` and `invalid_request_error` are one word. */
export function wordOf(name: string): string {
  return name
    .slice(0, 100)
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '');
}

const statusByWord: ReadonlyMap<string, number> = new Map(
  Object.entries(statuses).flatMap(([status, names]) => names.map((name) => [wordOf(name), Number(status)])),
);

const creditWords: ReadonlySet<string> = new Set(credit.map(wordOf));

export function statusOfWord(name: string): number | undefined {
  const word = wordOf(name);
  return creditWords.has(word) ? 429 : statusByWord.get(word);
}

export function hasCreditWord(words: ReadonlySet<string>): boolean {
  return [...words].some((word) => creditWords.has(word));
}

/** Whether one of the words stands for this status. */
export function hasWordFor(words: ReadonlySet<string>, status: number): boolean {
  return [...words].some((word) => statusByWord.get(word) === status);
}
