import assert from 'node:assert/strict';
import { context, passedBodies, withoutModel } from '../clients/claims.ts';
import { caseNames, runCase, type CaseName, type CaseResult } from '../clients/cases.ts';
import { installTool, versions } from '../clients/install-tool.ts';
import { keepRow, type MatrixRow } from '../clients/matrix.ts';
import { libraries, sdks, sdkVersion } from '../clients/sdks.ts';
import type { Tool } from '../clients/tool.ts';
import { tools } from '../clients/tools.ts';
import { others, startWorld, type World } from '../clients/world.ts';

const all = [...tools, ...sdks, ...libraries];
let world: World;

before(async () => {
  world = await startWorld(all);
});
after(() => world.close());

for (const tool of all) {
  const version = versions[tool.id]?.version ?? sdkVersion(tool.label);
  const results: Record<string, Partial<Record<CaseName, CaseResult>>> = {};

  describe(`${tool.label} ${version}, with Callguard`, () => {
    let folder: string | undefined;
    let problem: string | undefined;

    before(async () => {
      try {
        folder = versions[tool.id] === undefined ? '' : await installTool(tool.id);
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error);
        console.log(`${tool.label} ${version} cannot be installed: ${problem}`);
      }
    });
    after(async () => {
      const row: MatrixRow = { label: tool.label, version, dialects: results };
      if (Object.keys(results).length > 0 || problem !== undefined) {
        await keepRow(tool.id, problem === undefined ? row : { ...row, problem });
      }
    });

    for (const speaks of [tool.protocol, others[tool.protocol]]) {
      for (const name of caseNames) {
        it(`${describeCase(name)} if the provider speaks ${speaks}`, async () => {
          if (folder === undefined) {
            console.log('      not installed');
            return;
          }
          const result = await runCase(world, tool, folder, name, speaks);
          results[speaks] = { ...results[speaks], [name]: result };
          const { verdict, seconds, requests, upstreamRequests, showed } = result;
          console.log(`      ${verdict}, ${seconds ?? '-'} s, ${requests} → ${upstreamRequests}: ${showed}`);
          assert.notEqual(verdict, 'failed', showed);
        });
      }
    }
  });
}

function describeCase(name: CaseName): string {
  return {
    plain: 'shows a plain answer',
    tool: 'calls a tool and shows what it found',
    image: 'sends an image',
    cap: 'shows within 10 s that a cap is used up, and no request is sent',
    circuit: 'shows within 10 s that the circuit is open, and no request is sent',
    '429': "shows the provider's rate limit, after at most 3 requests for each of its own",
  }[name];
}

for (const [id, pattern] of [
  ['claude', /^claude-/],
  ['codex', /^gpt-/],
] as const) {
  const tool = toolOf(id);

  describe(`${tool.label}, with a provider of its own protocol`, () => {
    it('sends bodies that reach the provider byte for byte, but for the name of the model', async () => {
      const { asked, got } = await passedBodies(world, tool, await installTool(id));
      assert.deepEqual(got, asked);
      console.log(`      ${got.length} bodies, ${got.map((body) => body.length).join(' and ')} bytes`);
    });

    it('works without --model, through a pattern route', async () => {
      const { output, models } = await withoutModel(world, tool, await installTool(id));
      assert.match(output, /Hello from the model/);
      assert.ok(models.length > 0);
      for (const model of models) assert.match(model, pattern);
      console.log(`      asked for ${models.join(', ')}`);
    });
  });
}

describe('/context in Claude Code', () => {
  for (const speaks of ['messages', 'chat'] as const) {
    it(`sends no paid request if the provider speaks ${speaks}, and shows ${
      speaks === 'messages' ? "the provider's counts" : "the guard's"
    }`, async () => {
      const claude = toolOf('claude');
      const asked = await context(world, claude, await installTool('claude'), speaks);
      const { output, counts, paid, countedByProvider } = asked;
      assert.ok(counts.length > 0);
      assert.equal(paid, 0);
      assert.equal(countedByProvider, speaks === 'messages' ? counts.length : 0);
      const [, shown = ''] = /\| Messages \| ([\d.]+k?) \|/.exec(output) ?? [];
      const short = (count: number) => (count < 1_000 ? String(count) : `${(count / 1_000).toFixed(1)}k`);
      assert.ok(counts.map(short).includes(shown), output);
      console.log(`      ${counts.length} counts, 0 paid requests, shows ${shown} tokens of messages`);
    });
  }
});

function toolOf(id: string): Tool {
  const tool = tools.find((each) => each.id === id);
  if (tool === undefined) throw new Error(`the tool ${id} is unknown`);
  return tool;
}
