import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/paths.ts';
import type { ClientProtocol, Tool } from './tool.ts';

/** The official SDKs, as dependencies of the project. */
export const sdks: readonly Tool[] = [
  sdk('openai', 'openai: chat completions', 'chat'),
  sdk('openai', 'openai: responses', 'responses'),
  sdk('@anthropic-ai/sdk', '@anthropic-ai/sdk', 'messages'),
  sdk('@google/genai', '@google/genai', 'gemini'),
];

/** Libraries that are installed like the tools. */
export const libraries: readonly Tool[] = [
  library('ai', 'ai: responses', 'responses'),
  library('langchain', '@langchain/openai', 'chat'),
];

/** The version that is installed. */
export function sdkVersion(label: string): string {
  const name = label.split(':')[0] ?? label;
  const file = path.join(root, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

function sdk(name: string, label: string, protocol: ClientProtocol): Tool {
  const id = `${name}-${protocol}`.replaceAll(/[@/]/g, '');
  return { ...client('sdk-client.ts', protocol, protocol), id, label };
}

function client(script: string, which: string, protocol: ClientProtocol): Omit<Tool, 'id' | 'label'> {
  return {
    ...{ protocol, bin: undefined, images: 'prompt' },
    invoke: ({ origin, token, model, prompt, image }) => ({
      args: [
        path.join(import.meta.dirname, script),
        ...[which, origin, token, model, prompt],
        ...(image === undefined ? [] : [image]),
      ],
      env: {},
    }),
    read: (file) => ({ name: 'read_file', arguments: { path: file } }),
  };
}

function library(id: string, label: string, protocol: ClientProtocol): Tool {
  return { ...client('library-client.ts', id, protocol), id, label };
}
