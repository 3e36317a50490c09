import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { RecordedRequest } from '../clients/redact-recording.ts';
import type { ProtocolName } from '../../src/gateway/protocols/protocol.ts';

export interface RecordedBody {
  /** `claude tool 1`: the tool, the kind of conversation, and which of its requests. */
  readonly name: string;
  readonly protocol: ProtocolName;
  readonly body: Readonly<Record<string, unknown>>;
}

const folder = path.join(import.meta.dirname, '../clients/recorded');

const protocols: readonly (readonly [path: RegExp, protocol: ProtocolName])[] = [
  [/chat\/completions/, 'openai-chat'],
  [/\/responses/, 'openai-responses'],
  [/\/messages(?:\?|$)/, 'anthropic-messages'],
  [/:(?:stream)?generateContent/i, 'google-generative'],
];

/** The requests for answers that real tools sent. */
export const recordedBodies: readonly RecordedBody[] = readdirSync(folder).flatMap((tool) =>
  readdirSync(path.join(folder, tool)).flatMap((file) => {
    const text = readFileSync(path.join(folder, tool, file), 'utf8');
    const { requests } = JSON.parse(text) as { requests: readonly RecordedRequest[] };
    return requests.flatMap(({ path: asked, body }, n): RecordedBody[] => {
      const protocol = protocols.find(([pattern]) => pattern.test(asked))?.[1];
      if (protocol === undefined) return [];
      const name = `${tool} ${path.basename(file, '.json')} ${n + 1}`;
      return [{ name, protocol, body: body as RecordedBody['body'] }];
    });
  }),
);
