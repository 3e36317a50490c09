import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

interface Step {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly media: { readonly markdown: string };
  readonly completionEvents: readonly string[];
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly configuration: { readonly properties: object };
    readonly walkthroughs: readonly { readonly steps: readonly Step[] }[];
  };
}

const { contributes } = JSON.parse(read('package.json')) as Manifest;
const words = JSON.parse(read('package.nls.json')) as Record<string, string>;
const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
const commands = new Set(contributes.commands.map(({ command }) => command));

describe('the walkthrough', () => {
  it('leads from a provider over a question, a cap and the breaker to an export', () => {
    assert.deepEqual(
      steps.map(({ id }) => id),
      ['connect', 'ask', 'cap', 'breaker', 'export'],
    );
  });

  for (const { id, title, description, media, completionEvents } of steps) {
    it(`has all that the step '${id}' shows`, () => {
      assert.ok(existsSync(path.join(root, media.markdown)), media.markdown);
      const text = words[description.slice(1, -1)];
      assert.ok(words[title.slice(1, -1)] !== undefined && text !== undefined);
      const links = [...text.matchAll(/\(command:([\w.]+)/g)].map(([, command = '']) => command);
      assert.ok(links.length > 0, 'it offers nothing to do');
      const foreign = 'workbench.action.openSettings';
      assert.deepEqual(
        links.filter((command) => command !== foreign && !commands.has(command)),
        [],
      );
    });

    it(`completes the step '${id}' by something that really happens`, () => {
      const source = read('src/editor/notify/walkthrough-progress.ts');
      assert.ok(completionEvents.length > 0);
      for (const event of completionEvents) {
        const [kind, what = ''] = event.split(':');
        if (kind === 'onContext') assert.ok(source.includes(`'${what}'`), event);
        else assert.ok(kind === 'onCommand' && commands.has(what), event);
      }
    });
  }
});
