// Records what real tools send: `node test/clients/record.ts [tool…]`. The recordings are in `recorded/`.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { format, resolveConfig } from 'prettier';
import { hasImage, noteSecret, readRequest } from './conversation.ts';
import { installTool, versions } from './install-tool.ts';
import { startProviderMock } from './provider-mock.ts';
import { redactRecording } from './redact-recording.ts';
import { runTool } from './run-tool.ts';
import { models, tools } from './tools.ts';

/** What is kept of each kind of conversation: of the later ones, what the plain one does not have. */
const kinds = {
  plain: () => true,
  tool: (body: string) => body.includes(noteSecret),
  image: hasImage,
} as const;
const wanted = process.argv.slice(2);

for (const tool of tools.filter(({ id }) => wanted.length === 0 || wanted.includes(id))) {
  const folder = await installTool(tool.id);
  for (const [kind, isKept] of Object.entries(kinds)) {
    if (kind === 'image' && tool.images === 'none') continue;
    const mock = await startProviderMock();
    let own = '';
    const { output } = await runTool(
      tool,
      (cwd) => {
        own = path.dirname(cwd);
        const name = kind === 'image' ? 'red.png' : 'note.txt';
        mock.readWith(tool.read(path.join(cwd, name)));
        const reads = kind === 'tool' || (kind === 'image' && tool.images === 'read');
        return {
          ...{ origin: mock.origin, token: 'callguard_token', model: models[tool.protocol] },
          prompt: reads ? `${readRequest} ${name}, and say what is in it.` : 'Say hello.',
          ...(kind === 'image' && !reads ? { image: path.join(cwd, name) } : {}),
        };
      },
      { folder, signal: AbortSignal.timeout(180_000), fence: 'http://127.0.0.1:9' },
    );
    const requests = redactRecording(
      mock.seen.filter(({ body }) => isKept(body)),
      own,
    );
    await mock.close();
    const file = path.join(import.meta.dirname, 'recorded', tool.id, `${kind}.json`);
    mkdirSync(path.dirname(file), { recursive: true });
    const text = JSON.stringify({ tool: tool.id, version: versions[tool.id]?.version, requests });
    writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
    console.log(
      `${tool.id} ${kind}: ${requests.length} requests, showed ${JSON.stringify(output.slice(-80))}`,
    );
  }
}
