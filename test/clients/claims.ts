import assert from 'node:assert/strict';
import path from 'node:path';
import { readRequest } from './conversation.ts';
import { runTool, type ToolRun } from './run-tool.ts';
import type { Tool } from './tool.ts';
import { providerOf, type World } from './world.ts';

interface Asked {
  readonly model: string;
  readonly prompt: string;
  /** A file that the model reads. */
  readonly file?: string;
}

const longestMs = 180_000;

async function ask(world: World, tool: Tool, folder: string, asked: Asked): Promise<ToolRun> {
  const { mock, front } = world;
  const { model, prompt, file = 'note.txt' } = asked;
  mock.seen.length = 0;
  front.calls.length = 0;
  const task = (cwd: string) => {
    mock.readWith(tool.read(path.join(cwd, file)));
    return { origin: front.origin, token: world.tokenOf(tool), model, prompt };
  };
  const signal = AbortSignal.timeout(longestMs);
  const run = await runTool(tool, task, { folder, signal, fence: 'http://127.0.0.1:9' });
  assert.equal(run.code, 0, run.output);
  return run;
}

/** What the tool asked, with the provider's name for the model in the place of Callguard's, and what the provider got. */
export async function passedBodies(world: World, tool: Tool, folder: string) {
  const model = `${providerOf(tool, tool.protocol, 'good')}/m`;
  const prompt = `${readRequest} note.txt, and say what is in it.`;
  await ask(world, tool, folder, { model, prompt });
  const asked = world.front.calls.map(({ body }) => body.toString('latin1'));
  const [before, after] = [`"model":"${model}"`, '"model":"m"'];
  for (const text of asked) assert.equal(text.split(before).length, 2, 'a body names the model once');
  return {
    asked: asked.map((text) => text.replace(before, after)),
    got: world.mock.seen
      .filter(({ method }) => method === 'POST')
      .map(({ body }) => Buffer.from(body).toString('latin1')),
  };
}

/** Runs the tool as users do who give it no model. Returns what it showed and the models that the provider was asked for. */
export async function withoutModel(world: World, tool: Tool, folder: string) {
  const plain: Tool = {
    ...tool,
    invoke: (task) => {
      const invocation = tool.invoke(task);
      const at = invocation.args.indexOf('--model');
      return { ...invocation, args: invocation.args.toSpliced(at, 2) };
    },
  };
  const { output } = await ask(world, plain, folder, { model: 'none', prompt: 'Say hello.' });
  const posts = world.mock.seen.filter(({ method }) => method === 'POST');
  const models = posts.map(({ body }) => (JSON.parse(body) as { model: string }).model);
  return { output, models };
}

/** What Claude Code shows for `/context`, and what it asked for it. */
export async function context(world: World, tool: Tool, folder: string, speaks: 'messages' | 'chat') {
  const model = `${providerOf(tool, speaks, 'good')}/m`;
  const { output } = await ask(world, tool, folder, { model, prompt: '/context' });
  const isCount = (url: string) => url.includes('count_tokens');
  const counts = world.front.calls.filter((call) => isCount(call.path));
  return {
    output,
    counts: counts.map(
      ({ answer }) => (JSON.parse(answer.toString()) as { input_tokens: number }).input_tokens,
    ),
    paid: world.mock.seen.filter((seen) => seen.method === 'POST' && !isCount(seen.path)).length,
    countedByProvider: world.mock.seen.filter((seen) => isCount(seen.path)).length,
  };
}
