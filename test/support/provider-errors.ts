import type { Consequence, Outcome } from '../../src/guard/outcome.ts';

/**
 * Errors as providers send them: the forms of public bug reports and of the providers' own pages, with made-up IDs and
 * names.
 */
export interface SentError {
  readonly from: string;
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly becomes: 'http' | 'outOfCredit';
  /** If it differs from the one that was sent. */
  readonly as?: number;
  readonly says: RegExp;
  readonly code?: string;
  readonly type?: string;
  readonly requestId?: string;
  readonly consequence?: Consequence['kind'];
  /** What it becomes if it is told in a 200, if that differs. */
  readonly told?: Outcome['kind'];
  readonly toldAs?: number;
}

const google = (code: number, status: string, message: string, details: unknown[] = []) => ({
  error: { code, message, status, details },
});

export const providerErrors: readonly SentError[] = [
  {
    from: 'OpenAI, a prompt that is too long',
    status: 400,
    body: {
      error: {
        message:
          "This model's maximum context length is 128000 tokens. However, your messages resulted in 140000.",
        type: 'invalid_request_error',
        param: 'messages',
        code: 'context_length_exceeded',
      },
    },
    headers: { 'x-request-id': 'req_2f1b3c4d5e6f7a8b9c0d', 'cf-ray': '8c1f3a2b4d5e6f70-FRA' },
    becomes: 'http',
    says: /maximum context length/,
    code: 'context_length_exceeded',
    type: 'invalid_request_error',
    requestId: 'req_2f1b3c4d5e6f7a8b9c0d',
  },
  {
    from: 'OpenAI, used-up quota',
    status: 429,
    body: {
      error: {
        message: 'You exceeded your current quota, please check your plan and billing details.',
        type: 'insufficient_quota',
        param: null,
        code: 'insufficient_quota',
      },
    },
    becomes: 'outOfCredit',
    says: /current quota/,
    code: 'insufficient_quota',
    type: 'insufficient_quota',
    consequence: 'outOfCredit',
  },
  {
    from: 'OpenAI, an error of its own',
    status: 500,
    body: {
      error: {
        message:
          'The server had an error processing your request. Please include the request ID req_a1b2c3d4e5f6 in your message.',
        type: 'server_error',
        param: null,
        code: null,
      },
    },
    becomes: 'http',
    says: /had an error/,
    type: 'server_error',
    requestId: 'req_a1b2c3d4e5f6',
    told: 'errorEvent',
  },
  {
    from: 'Anthropic, overloaded',
    status: 529,
    body: {
      type: 'error',
      error: { type: 'overloaded_error', message: 'Overloaded' },
      request_id: 'req_011CSHoEeqs5C35K2UUqR7Fy',
    },
    headers: { 'request-id': 'req_011CSHoEeqs5C35K2UUqR7Fy' },
    becomes: 'http',
    says: /^Overloaded$/,
    type: 'overloaded_error',
    requestId: 'req_011CSHoEeqs5C35K2UUqR7Fy',
    told: 'errorEvent',
  },
  {
    from: 'Anthropic, used-up credit',
    status: 400,
    body: {
      type: 'error',
      error: {
        type: 'invalid_request_error',
        message: 'Your credit balance is too low to access the Anthropic API.',
      },
      request_id: 'req_011CTfV2mW4y',
    },
    becomes: 'outOfCredit',
    says: /credit balance/,
    type: 'invalid_request_error',
    requestId: 'req_011CTfV2mW4y',
    consequence: 'outOfCredit',
  },
  {
    from: 'Google, a wrong key',
    status: 400,
    body: google(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' },
    ]),
    becomes: 'http',
    as: 401,
    says: /API key not valid/,
    code: 'API_KEY_INVALID',
    type: 'INVALID_ARGUMENT',
    consequence: 'keyRejected',
  },
  {
    from: 'Google, a limit by the minute',
    status: 429,
    body: google(429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota, please check your plan.', [
      { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [] },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '26s' },
    ]),
    becomes: 'http',
    says: /current quota/,
    type: 'RESOURCE_EXHAUSTED',
    consequence: 'rateLimitPause',
  },
  {
    from: 'Vertex AI, in a list',
    status: 403,
    body: [
      google(403, 'PERMISSION_DENIED', "Permission 'aiplatform.endpoints.predict' denied on resource.", [
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'IAM_PERMISSION_DENIED' },
      ]),
    ],
    becomes: 'http',
    says: /endpoints\.predict/,
    code: 'IAM_PERMISSION_DENIED',
    type: 'PERMISSION_DENIED',
    consequence: 'keyRejected',
  },
  {
    from: 'Azure, a rate limit',
    status: 429,
    body: { error: { code: '429', message: 'Requests have exceeded the token rate limit of your tier.' } },
    headers: { 'apim-request-id': 'eb2486b2-bf72-4bac-bb4f-f30df0a0540c', 'retry-after': '24' },
    becomes: 'http',
    says: /token rate limit/,
    requestId: 'eb2486b2-bf72-4bac-bb4f-f30df0a0540c',
    consequence: 'rateLimitPause',
  },
  {
    from: 'Azure AI, a field that it does not know',
    status: 400,
    body: {
      error: {
        requestid: 'bd089c5d-a4db-4a4d-9c57-db09252bac2d',
        code: 400,
        message: 'Validation error at #/store: Extra inputs are not permitted',
      },
    },
    becomes: 'http',
    says: /#\/store/,
    requestId: 'bd089c5d-a4db-4a4d-9c57-db09252bac2d',
  },
  {
    from: 'Groq, a request above its tokens a minute',
    status: 413,
    body: {
      error: {
        message: 'Request too large for model `m` on tokens per minute (TPM): Limit 6000, Requested 12000.',
        type: 'tokens',
        code: 'rate_limit_exceeded',
      },
    },
    headers: { 'x-request-id': 'req_01jv7x1k8xf1ss3p2z8q9h8m5e' },
    becomes: 'http',
    says: /Request too large/,
    code: 'rate_limit_exceeded',
    type: 'tokens',
    requestId: 'req_01jv7x1k8xf1ss3p2z8q9h8m5e',
    toldAs: 429,
  },
  {
    from: 'Mistral, a field that it does not know',
    status: 422,
    body: {
      object: 'error',
      message: {
        detail: [{ type: 'extra_forbidden', loc: ['body', 'store'], msg: 'Extra inputs are not permitted' }],
      },
      type: 'invalid_request_error',
      param: null,
      code: null,
    },
    headers: { 'mistral-correlation-id': '0197c1b2-3d4e', 'x-kong-request-id': '7b0e' },
    becomes: 'http',
    says: /Extra inputs/,
    type: 'extra_forbidden',
    requestId: '0197c1b2-3d4e',
    toldAs: 400,
  },
  {
    from: 'Mistral, no capacity',
    status: 429,
    body: {
      object: 'error',
      message: 'Service tier capacity exceeded for this model.',
      type: 'service_tier_capacity_exceeded',
      param: null,
      code: '3505',
    },
    becomes: 'http',
    says: /capacity exceeded/,
    code: '3505',
    type: 'service_tier_capacity_exceeded',
  },
  {
    from: 'DeepSeek, a wrong key',
    status: 401,
    body: {
      error: {
        message: 'Authentication Fails, Your api key: ****cdef is invalid',
        type: 'authentication_error',
        param: null,
        code: 'invalid_request_error',
      },
    },
    headers: { 'x-ds-trace-id': 'fb3cc7347920593f11e4fe8116dee066' },
    becomes: 'http',
    says: /Authentication Fails/,
    code: 'invalid_request_error',
    type: 'authentication_error',
    requestId: 'fb3cc7347920593f11e4fe8116dee066',
    consequence: 'keyRejected',
  },
  {
    from: 'DeepSeek, an empty account',
    status: 402,
    body: {
      error: {
        message: 'Insufficient Balance',
        type: 'unknown_error',
        param: null,
        code: 'invalid_request_error',
      },
    },
    becomes: 'outOfCredit',
    says: /Insufficient Balance/,
    code: 'invalid_request_error',
    type: 'unknown_error',
    consequence: 'outOfCredit',
    told: 'http',
  },
  {
    from: 'xAI, a team without credit',
    status: 403,
    body: {
      code: 'The caller does not have permission to execute the specified operation',
      error:
        "Your newly created team doesn't have any credits yet. You can purchase credits on https://console.x.ai.",
    },
    headers: { 'cf-ray': '9e8d7c6b5a4f3210-ZRH' },
    becomes: 'outOfCredit',
    says: /any credits yet/,
    requestId: '9e8d7c6b5a4f3210-ZRH',
    consequence: 'outOfCredit',
    told: 'errorEvent',
  },
  {
    from: 'OpenRouter, an error of the server behind it',
    status: 429,
    body: {
      error: {
        message: 'Provider returned error',
        code: 429,
        metadata: {
          raw: '{"error":{"message":"Rate limit reached for requests","type":"requests","code":"rate_limit_exceeded"}}',
          provider_name: 'Other',
        },
      },
      user_id: 'user_1',
    },
    headers: { 'x-generation-id': 'gen-1741305600-AbCdEf', 'retry-after': '8' },
    becomes: 'http',
    says: /Rate limit reached/,
    code: 'rate_limit_exceeded',
    type: 'requests',
    requestId: 'gen-1741305600-AbCdEf',
    consequence: 'rateLimitPause',
  },
  {
    from: 'Moonshot, an account that is not active',
    status: 403,
    body: {
      error: {
        message:
          'Your account is not active, organization <org-1> exceeded current quota, please check your plan.',
        type: 'exceeded_current_quota_error',
      },
    },
    headers: { 'msh-request-id': 'a94a8fe5ccb19ba61c4c' },
    becomes: 'outOfCredit',
    says: /current quota/,
    type: 'exceeded_current_quota_error',
    requestId: 'a94a8fe5ccb19ba61c4c',
    consequence: 'outOfCredit',
  },
  {
    from: 'Zhipu, an empty account',
    status: 429,
    body: { error: { code: '1113', message: '余额不足或无可用资源包,请充值。' } },
    headers: { 'x-log-id': '20260922232915e8288c66f9' },
    becomes: 'outOfCredit',
    says: /余额不足/,
    code: '1113',
    requestId: '20260922232915e8288c66f9',
    consequence: 'outOfCredit',
  },
  {
    from: 'Z.ai, the same in the form of Anthropic',
    status: 429,
    body: {
      type: 'error',
      error: { type: '1113', message: 'Insufficient balance or no resource package. Please recharge.' },
      request_id: '202510091744123546de24396949b8',
    },
    becomes: 'outOfCredit',
    says: /Please recharge/,
    type: '1113',
    requestId: '202510091744123546de24396949b8',
    consequence: 'outOfCredit',
  },
  {
    from: 'MiniMax, an empty account',
    status: 500,
    body: {
      type: 'error',
      error: { type: 'api_error', message: 'insufficient balance (1008)' },
      request_id: '05997465cd2ee4bd50b24b216c911b75',
    },
    becomes: 'outOfCredit',
    says: /insufficient balance/,
    type: 'api_error',
    requestId: '05997465cd2ee4bd50b24b216c911b75',
    consequence: 'outOfCredit',
  },
  {
    from: 'DashScope, an account in arrears',
    status: 400,
    body: {
      error: {
        code: 'Arrearage',
        param: null,
        message: 'Access denied, please make sure your account is in good standing.',
        type: 'Arrearage',
      },
      id: 'chatcmpl-f9fdb027-830c-9e05-8366-ce479a878825',
      request_id: 'f9fdb027-830c-9e05-8366-ce479a878825',
    },
    becomes: 'outOfCredit',
    says: /good standing/,
    code: 'Arrearage',
    type: 'Arrearage',
    requestId: 'f9fdb027-830c-9e05-8366-ce479a878825',
    consequence: 'outOfCredit',
  },
  {
    from: 'Volcengine, an endpoint that does not exist',
    status: 404,
    body: {
      error: {
        code: 'InvalidEndpoint.NotFound',
        message:
          'The endpoint does not exist. Request id: 021738925468725d237d31a05adcf01e52f51c0f328db3e922dfb',
        param: '',
        type: 'NotFound',
      },
    },
    becomes: 'http',
    says: /endpoint does not exist/,
    code: 'InvalidEndpoint.NotFound',
    type: 'NotFound',
    requestId: '021738925468725d237d31a05adcf01e52f51c0f328db3e922dfb',
  },
  {
    from: 'SiliconFlow, an empty account',
    status: 403,
    body: {
      code: 30011,
      message: 'The selected model requires paid balance. Your paid balance is insufficient. Please top up.',
      data: null,
    },
    headers: { 'x-siliconcloud-trace-id': 'ti_abcdef012345' },
    becomes: 'outOfCredit',
    says: /paid balance/,
    code: '30011',
    requestId: 'ti_abcdef012345',
    consequence: 'outOfCredit',
  },
  {
    from: 'NVIDIA, fields that it does not know',
    status: 422,
    body: {
      type: 'urn:inference-service:problem-details:unprocessable-entity',
      title: 'Unprocessable Entity',
      status: 422,
      detail: 'body -> n\n  Extra inputs are not permitted (type=extra_forbidden)',
      requestId: '380d3287-f799-4c60-a12f-d5448609595a',
    },
    headers: { 'nvcf-reqid': '380d3287-f799-4c60-a12f-d5448609595a' },
    becomes: 'http',
    says: /body -> n Extra inputs/,
    type: 'urn:inference-service:problem-details:unprocessable-entity',
    requestId: '380d3287-f799-4c60-a12f-d5448609595a',
  },
  {
    from: 'Cerebras, too many requests',
    status: 429,
    body: {
      message: 'Requests per minute limit exceeded - too many requests sent.',
      type: 'too_many_requests_error',
      param: 'quota',
      code: 'request_quota_exceeded',
    },
    becomes: 'http',
    says: /per minute limit/,
    code: 'request_quota_exceeded',
    type: 'too_many_requests_error',
  },
  {
    from: 'Together, used-up credit',
    status: 402,
    body: {
      id: 'o3LiXw4-62bZhn-96040daf687810ab',
      error: {
        message: 'Credit limit exceeded. Please navigate to https://api.together.xyz to add credit.',
        type: 'credit_limit',
        param: null,
        code: null,
      },
    },
    becomes: 'outOfCredit',
    says: /Credit limit/,
    type: 'credit_limit',
    requestId: 'o3LiXw4-62bZhn-96040daf687810ab',
    consequence: 'outOfCredit',
  },
  {
    from: 'Bedrock, which names the error in a header',
    status: 429,
    body: { message: 'Too many tokens, please wait before trying again.' },
    headers: {
      'x-amzn-requestid': '08814abc-5bf2-40d2-9616-fa48d8ed7be4',
      'x-amzn-errortype': 'ThrottlingException:http://internal.amazon.com/coral/',
    },
    becomes: 'http',
    says: /Too many tokens/,
    code: 'ThrottlingException',
    requestId: '08814abc-5bf2-40d2-9616-fa48d8ed7be4',
    told: 'cut',
  },
  {
    from: 'vLLM, a prompt that is too long',
    status: 400,
    body: {
      object: 'error',
      message: "This model's maximum context length is 4096 tokens.",
      type: 'BadRequestError',
      param: null,
      code: 400,
    },
    becomes: 'http',
    says: /maximum context length/,
    type: 'BadRequestError',
  },
  {
    from: 'llama.cpp, a prompt that is too long',
    status: 400,
    body: {
      error: {
        code: 400,
        message: 'the request exceeds the available context size. try increasing it',
        type: 'exceed_context_size_error',
        n_prompt_tokens: 9000,
        n_ctx: 4096,
      },
    },
    becomes: 'http',
    says: /context size/,
    type: 'exceed_context_size_error',
  },
  {
    from: 'Ollama, a model that is not there',
    status: 404,
    body: {
      error: {
        message: 'model "m" not found, try pulling it first',
        type: 'not_found_error',
        param: null,
        code: null,
      },
    },
    becomes: 'http',
    says: /not found/,
    type: 'not_found_error',
  },
  {
    from: 'LiteLLM, a budget that is used up',
    status: 400,
    body: {
      error: {
        message: 'Budget has been exceeded! Current cost: 10.1, Max budget: 10.0',
        type: 'budget_exceeded',
        param: null,
        code: '400',
      },
    },
    headers: { 'x-litellm-call-id': 'cb1e0f6a-9d1c', 'x-request-id': 'of-the-server-behind-it' },
    becomes: 'outOfCredit',
    says: /Budget has been exceeded/,
    type: 'budget_exceeded',
    requestId: 'cb1e0f6a-9d1c',
    consequence: 'outOfCredit',
  },
  {
    from: 'new-api, a quota of the user',
    status: 403,
    body: {
      error: {
        message: 'user quota is not enough (request id: 20250422153215241482202V9CO7RnU)',
        type: 'new_api_error',
        param: '',
        code: 'insufficient_user_quota',
      },
    },
    becomes: 'outOfCredit',
    says: /quota is not enough/,
    code: 'insufficient_user_quota',
    type: 'new_api_error',
    requestId: '20250422153215241482202V9CO7RnU',
    consequence: 'outOfCredit',
  },
  {
    from: 'Cohere, a wrong key',
    status: 401,
    body: { id: '1f2e3d4c-aaaa-bbbb', message: 'invalid api token' },
    headers: { 'x-debug-trace-id': '202309040250529dcdf2055e7b2ae5e9' },
    becomes: 'http',
    says: /invalid api token/,
    requestId: '202309040250529dcdf2055e7b2ae5e9',
    consequence: 'keyRejected',
    told: 'cut',
  },
];
