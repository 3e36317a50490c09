import { chat, chatAndResponses, type CatalogueRow } from './catalogue-row.ts';

const local = { asksAddress: true, key: 'optional', local: true, isFree: true } as const;

/** Servers on the user's own machine. */
export const localServers = {
  ollama: { ...chatAndResponses, ...local, label: 'Ollama', baseUrl: 'http://localhost:11434/v1' },
  lmstudio: {
    ...chatAndResponses,
    ...local,
    label: 'LM Studio',
    baseUrl: 'http://localhost:1234/v1',
  },
  // https://docs.vllm.ai/en/latest/serving/openai_compatible_server
  vllm: {
    ...chatAndResponses,
    ...local,
    label: 'vLLM',
    baseUrl: 'http://localhost:8000/v1',
    unproven: true,
  },
  // https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md
  llamacpp: {
    ...chatAndResponses,
    ...local,
    label: 'llama.cpp',
    baseUrl: 'http://localhost:8080/v1',
    unproven: true,
  },
  // https://docs.docker.com/ai/model-runner/api-reference
  'docker-model-runner': {
    ...chat,
    ...local,
    label: 'Docker Model Runner',
    baseUrl: 'http://localhost:12434/engines/v1',
    unproven: true,
  },
} as const satisfies Record<string, CatalogueRow>;
