import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describeFailure } from '../../scripts/explained.ts';
import type { ProtocolName } from '../../src/gateway/protocols/protocol.ts';
import { loadProtocol } from '../../src/gateway/protocols/protocols.ts';
import { goodAnswers } from '../support/dialect-events.ts';
import { startGateway } from '../support/gateway.ts';
import { recordedBodies, type RecordedBody } from '../support/recorded-requests.ts';
import type { GatewayAddress } from './ask-gateway.ts';
import { countFields, type Count } from './lost-fields.ts';
import type { Addresses } from './other-gateway.ts';
import { peers } from './peers/play-peer.ts';
import { resultOf } from '../support/work-result.ts';

type Target = 'openai-chat' | 'anthropic-messages';
const targets: readonly Target[] = ['openai-chat', 'anthropic-messages'];

/** One line of the table: a field, and its counts at a gateway. */
export interface LossRow {
  readonly gateway: string;
  readonly field: string;
  readonly count: Count;
}

export interface LossTable {
  readonly rows: readonly LossRow[];
  /** What each gateway did not send on, and why. */
  readonly notes: readonly string[];
}

interface Capture {
  readonly origin: string;
  take(): { readonly url: string; readonly body: string } | undefined;
  close(): void;
}

/** A provider that keeps the last request and answers in the form of its path. */
async function startCapture(): Promise<Capture> {
  let last: ReturnType<Capture['take']>;
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = request.url ?? '';
      last = { url, body: Buffer.concat(chunks).toString() };
      const dialect = url.includes('/messages') ? 'anthropic-messages' : 'openai-chat';
      response.setHeader('content-type', 'text/event-stream');
      response.end(goodAnswers[dialect].join(''));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take: () => {
      const taken = last;
      last = undefined;
      return taken;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const paths: Readonly<Record<ProtocolName, (model: string) => string>> = {
  'openai-chat': () => '/v1/chat/completions',
  'openai-responses': () => '/v1/responses',
  'anthropic-messages': () => '/v1/messages',
  'google-generative': (model) => `/v1beta/models/${model}:streamGenerateContent?alt=sse`,
};

function tokenHeader(protocol: ProtocolName, token: string): Record<string, string> {
  if (protocol === 'anthropic-messages') return { 'x-api-key': token };
  return protocol === 'google-generative'
    ? { 'x-goog-api-key': token }
    : { authorization: `Bearer ${token}` };
}

const patienceMs = 20_000;

/** Sends a recorded body to a gateway. Gives the status, or why there was none. */
async function send({ protocol, body }: RecordedBody, address: GatewayAddress): Promise<string> {
  const { url, token, model, headers = {} } = address;
  const named = protocol === 'google-generative' ? body : { ...body, model };
  try {
    const response = await fetch(url + paths[protocol](model), {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', 'anthropic-version': '2023-06-01', ...headers },
        ...tokenHeader(protocol, token),
      },
      body: JSON.stringify(named),
      signal: AbortSignal.timeout(patienceMs),
    });
    await response.text();
    return `HTTP ${response.status}`;
  } catch (failure) {
    return describeFailure(failure);
  }
}

/** Sends every recorded body to the providers that speak another protocol, and counts what arrives. */
async function play(gateway: string, addresses: Addresses, capture: Capture): Promise<LossTable> {
  const counts = new Map<string, Count>();
  const notes = new Map<string, number>();
  for (const recorded of recordedBodies) {
    for (const target of targets) {
      const address = addresses[target];
      if (recorded.protocol === target || address === undefined) continue;
      const sent = resultOf((await loadProtocol[recorded.protocol]()).decode(recorded.body));
      if (!sent.ok) throw new TypeError(`${recorded.name}: ${sent.error.message}`);
      capture.take();
      const said = await send(recorded, address);
      const seen = capture.take();
      const isTarget =
        seen !== undefined && seen.url.includes('/messages') === (target === 'anthropic-messages');
      const got = isTarget
        ? resultOf((await loadProtocol[target]()).decode(JSON.parse(seen.body)))
        : undefined;
      const arrived = got?.ok === true ? got.value.prompt : undefined;
      if (arrived === undefined) {
        const note = `${gateway}: ${recorded.protocol} to ${target}: nothing in this protocol arrived (${said})`;
        notes.set(note, (notes.get(note) ?? 0) + 1);
      }
      countFields(sent.value.prompt, arrived, counts);
    }
  }
  return {
    rows: [...counts].map(([field, count]) => ({ gateway, field, count })),
    notes: [...notes].map(([note, times]) => `${note}, ${times} requests`),
  };
}

async function playCallguard(capture: Capture): Promise<LossTable> {
  const entry = { models: { list: ['m'] }, retry: { retries: 0 } };
  const trial = await startGateway({
    providers: {
      chat: { kind: 'openai-compatible', baseUrl: `${capture.origin}/v1`, ...entry },
      claude: { kind: 'anthropic-compatible', baseUrl: `${capture.origin}/v1`, ...entry },
    },
  });
  try {
    const address = { url: trial.origin, token: trial.token };
    const addresses = {
      'openai-chat': { ...address, model: 'chat/m' },
      'anthropic-messages': { ...address, model: 'claude/m' },
    };
    return await play('Callguard', addresses, capture);
  } finally {
    await trial.gateway.stop();
  }
}

/** The losses of Callguard and of its peers, with the same bodies. A peer that cannot be started fails nothing. */
export async function countLosses(withPeers = true): Promise<LossTable> {
  const capture = await startCapture();
  try {
    const tables = [await playCallguard(capture)];
    for (const peer of withPeers ? peers : []) {
      try {
        const running = await peer.start(capture.origin);
        try {
          tables.push(await play(peer.name, running.addresses, capture));
        } finally {
          await running.stop();
        }
      } catch (failure) {
        tables.push({ rows: [], notes: [`${peer.name}: cannot be played. ${describeFailure(failure)}`] });
      }
    }
    return { rows: tables.flatMap(({ rows }) => rows), notes: tables.flatMap(({ notes }) => notes) };
  } finally {
    capture.close();
  }
}

/** The table as text: one row per field, one column per gateway, with kept, changed and lost. */
export function lossLines({ rows, notes }: LossTable): string[] {
  const gateways = [...new Set(rows.map(({ gateway }) => gateway))];
  const fields = [...new Set(rows.map(({ field }) => field))];
  const cell = (field: string, gateway: string) => {
    const found = rows.find((row) => row.field === field && row.gateway === gateway)?.count;
    return found === undefined ? '' : `${found.kept} / ${found.changed} / ${found.lost}`;
  };
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(['Field', ...gateways]),
    line(['---', ...gateways.map(() => '---')]),
    ...fields.map((field) => line([field, ...gateways.map((gateway) => cell(field, gateway))])),
    ...notes,
  ];
}
