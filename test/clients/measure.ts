// Measures what tools do with a refusal: `node test/clients/measure.ts [tool…]`. The figures are in `measured.json`.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { format, resolveConfig } from 'prettier';
import { installTool, versions } from './install-tool.ts';
import { startProviderMock, type FixedAnswer } from './provider-mock.ts';
import { measuredFile, parseMeasured, refusalKinds, type Measured, type RefusalName } from './refusals.ts';
import { runTool } from './run-tool.ts';
import type { ClientProtocol, Tool } from './tool.ts';
import { models, tools } from './tools.ts';

const words = 'The limit of 20 requests a day is used up. It ends at midnight.';
/** A user gives up before that. */
const longestWaitMs = 40_000;
const longestStartMs = 200_000;

const wanted = process.argv.slice(2);
for (const tool of tools.filter(({ id }) => wanted.length === 0 || wanted.includes(id))) {
  const folder = await installTool(tool.id);
  for (const [name, refusal] of Object.entries(refusalKinds)) {
    const measured = await measure(tool, folder, answerIn(tool.protocol, refusal));
    console.log(tool.id, name, JSON.stringify(measured));
    await save(tool.id, name as RefusalName, measured);
  }
}

async function measure(tool: Tool, folder: string, answer: FixedAnswer): Promise<Measured> {
  const mock = await startProviderMock();
  mock.answerWith(answer);
  const stop = new AbortController();
  const startMs = performance.now();
  const asked = () => mock.seen.filter(({ method }) => method === 'POST');
  const watch = setInterval(() => {
    const firstMs = asked()[0]?.atMs;
    const nowMs = performance.now();
    const isOver = firstMs === undefined ? nowMs > startMs + longestStartMs : nowMs > firstMs + longestWaitMs;
    if (isOver) stop.abort();
  }, 200);
  const task = {
    origin: mock.origin,
    token: 'callguard_token',
    model: models[tool.protocol],
    prompt: 'Say hello.',
  };
  const expected = /limit of 20 requests a day is used up/;
  const options = { folder, expected, signal: stop.signal, fence: 'http://127.0.0.1:9' };
  const run = await runTool(tool, () => task, options);
  clearInterval(watch);
  await mock.close();
  const firstMs = asked()[0]?.atMs ?? startMs;
  return {
    shownSeconds: run.shownMs === undefined ? null : Math.round((run.shownMs - firstMs) / 100) / 10,
    ended: run.code !== undefined,
    requests: asked().length,
    showed: lastWords(run.output, words),
  };
}

/** The line with the words, or what came last. */
function lastWords(output: string, wantedWords: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const line = lines.findLast((text) => text.includes(wantedWords.slice(0, 30))) ?? lines.at(-1) ?? '';
  return line
    .trim()
    .replaceAll(/\/tmp\/\S+/g, '…')
    .slice(0, 200);
}

function answerIn(protocol: ClientProtocol, { status, headers }: Omit<FixedAnswer, 'body'>): FixedAnswer {
  const type = status === 429 ? 'rate_limit_error' : status >= 500 ? 'api_error' : 'invalid_request_error';
  const body = {
    chat: { error: { message: words, type, param: null, code: 'cap' } },
    responses: { error: { message: words, type, param: null, code: 'cap' } },
    messages: { type: 'error', error: { type, message: words, code: 'cap' } },
    gemini: { error: { code: status, message: words, status: 'FAILED_PRECONDITION' } },
  }[protocol];
  return { status, ...(headers === undefined ? {} : { headers }), body };
}

async function save(id: string, name: RefusalName, measured: Measured): Promise<void> {
  const all = parseMeasured(readFileSync(measuredFile, 'utf8'));
  const before = all[id]?.version === versions[id]?.version ? all[id]?.answers : {};
  const next = { ...all, [id]: { version: versions[id]?.version, answers: { ...before, [name]: measured } } };
  const options = { ...(await resolveConfig(measuredFile)), filepath: path.basename(measuredFile) };
  writeFileSync(measuredFile, await format(JSON.stringify(next), options));
}
