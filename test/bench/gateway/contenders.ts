import { execFileSync, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { startHeadless } from '../../support/headless.ts';
import { fetchPeer } from '../peers.ts';
import type { BenchModel } from './models.ts';

/** A way to the same provider. */
export interface Way {
  /** Resolves when the answer has ended, or at its first byte. */
  ask(model: BenchModel, until: 'first' | 'end'): Promise<void>;
  /** Begins so many streams, waits for the first byte of each, and gives what ends them. */
  hold(count: number): Promise<() => void>;
  /** Of the process that answers. */
  residentKiB(): number;
}

export interface Ways {
  readonly direct: Way;
  readonly callguard: Way;
  readonly portkey: Way;
  /** Passes all on and does nothing else: what no gateway on `node:http` can be faster than. */
  readonly proxy: Way;
  /** Joins two sockets, and knows no HTTP: what no process in between can be faster than. */
  readonly pipe: Way;
  dispose(): void;
}

interface Started {
  readonly port: number;
  readonly pid: number;
}

/** Starts the provider, both gateways, the proxy and the pipe, each in a process of its own. */
export async function startWays(): Promise<Ways> {
  const children: ChildProcess[] = [];
  const agents: http.Agent[] = [];
  const start = async (file: string, ...args: readonly string[]) => {
    const child = fork(path.join(import.meta.dirname, file), args);
    children.push(child);
    const [message] = (await once(child, 'message')) as [{ port: number }];
    return { ...message, pid: child.pid ?? 0 };
  };
  const wayTo = (
    { port, pid }: Started,
    model: (name: BenchModel) => string,
    headers: Record<string, string>,
  ): Way => {
    const agent = new http.Agent({ keepAlive: true });
    agents.push(agent);
    return {
      ask: (name, until) => ask({ port, agent, model: model(name), headers }, name, until),
      hold: async (count) => {
        const own = new http.Agent();
        agents.push(own);
        const asked = { port, agent: own, model: model('open'), headers };
        await Promise.all(Array.from({ length: count }, () => ask(asked, 'open', 'first')));
        return () => {
          own.destroy();
        };
      },
      residentKiB: () => Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })),
    };
  };
  const upstream = await start('upstream-process.ts');
  const baseUrl = `http://127.0.0.1:${upstream.port}/v1`;
  const limits = { requestsPerDay: 1e9, tokensPerDay: 1e12 };
  const acme = { kind: 'openai-compatible', baseUrl, limits };
  const callguard = await startHeadless({ settings: { 'callguard.providers': { acme } } });
  const proxy = await start('proxy-process.ts', `http://127.0.0.1:${upstream.port}`);
  const pipe = await start('pipe-process.ts', String(upstream.port));
  const portkey = await startPortkey(children);
  return {
    direct: wayTo(upstream, (name) => name, {}),
    callguard: wayTo(callguard, (name) => `acme/${name}`, {
      authorization: `Bearer ${callguard.tokens.calls}`,
    }),
    portkey: wayTo(portkey, (name) => name, {
      authorization: 'Bearer sk-bench',
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': baseUrl,
    }),
    proxy: wayTo(proxy, (name) => name, {}),
    pipe: wayTo(pipe, (name) => name, {}),
    dispose: () => {
      for (const agent of agents) agent.destroy();
      for (const child of children) child.kill();
      callguard.kill();
    },
  };
}

/** It tells no port, so one that is free is found for it, and it is asked until it answers. */
async function startPortkey(children: ChildProcess[]): Promise<Started> {
  const folder = await fetchPeer('@portkey-ai/gateway');
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  const args = [`--port=${port}`, '--headless'];
  const child = fork(path.join(folder, 'build/start-server.js'), args, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: ['--import', path.join(import.meta.dirname, 'portkey-preload.ts')],
  });
  children.push(child);
  const answers = async () => {
    const socket = net.connect(port, '127.0.0.1');
    const connected = await new Promise((resolve) => {
      socket
        .once('connect', () => {
          resolve(true);
        })
        .once('error', () => {
          resolve(false);
        });
    });
    socket.destroy();
    return connected === true;
  };
  while (!(await answers())) {
    if (child.exitCode !== null) throw new Error(`Portkey's gateway ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { port, pid: child.pid ?? 0 };
}

interface Asked {
  readonly port: number;
  readonly agent: http.Agent;
  readonly model: string;
  readonly headers: Readonly<Record<string, string>>;
}

function ask(
  { port, agent, model, headers }: Asked,
  name: BenchModel,
  until: 'first' | 'end',
): Promise<void> {
  const stream = name !== 'short';
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello?' }], stream });
  return new Promise((resolve, reject) => {
    const request = http.request({
      host: '127.0.0.1',
      port,
      agent,
      method: 'POST',
      path: '/v1/chat/completions',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
    });
    request.once('error', reject);
    request.once('response', (response) => {
      if (response.statusCode !== 200) reject(new Error(`${port} answered ${response.statusCode ?? 0}`));
      if (until === 'first')
        response.once('data', () => {
          resolve();
        });
      response.once('end', () => {
        resolve();
      });
      // A stream that is held is cut in the end.
      response.once('error', reject);
      response.resume();
    });
    request.end(body);
  });
}
