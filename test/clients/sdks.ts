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

/** The version that is installed. */
export function sdkVersion(label: string): string {
  const name = label.split(':')[0] ?? label;
  const file = path.join(root, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

function sdk(name: string, label: string, protocol: ClientProtocol): Tool {
  return {
    ...{
      id: `${name}-${protocol}`.replaceAll(/[@/]/g, ''),
      label,
      protocol,
      bin: undefined,
      images: 'prompt',
    },
    invoke: ({ origin, token, model, prompt, image }) => ({
      args: [
        path.join(import.meta.dirname, 'sdk-client.ts'),
        ...[protocol, origin, token, model, prompt],
        ...(image === undefined ? [] : [image]),
      ],
      env: {},
    }),
    read: (file) => ({ name: 'read_file', arguments: { path: file } }),
  };
}
