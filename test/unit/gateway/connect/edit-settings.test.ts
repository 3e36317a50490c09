import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import {
  applySettings,
  joinUndo,
  undoSettings,
  type ToolSetting,
} from '../../../../src/gateway/connect/edit-settings.ts';

const settings: readonly ToolSetting[] = [
  { path: ['env', 'ANTHROPIC_BASE_URL'], value: 'http://127.0.0.1:22557' },
  { path: ['apiKeyHelper'], value: 'printenv CALLGUARD_TOKEN' },
];

function edited(text: string, wanted = settings) {
  const result = applySettings(text, wanted);
  assert.ok(result.ok, result.ok ? '' : result.error);
  return result.value;
}

function undone(text: string, undo: ReturnType<typeof edited>['undo']) {
  const result = undoSettings(text, undo);
  assert.ok(result.ok);
  return result.value;
}

describe('the settings of a tool', () => {
  const files = {
    'two spaces': '{\n  "model": "opus",\n  "env": {\n    "A": "1"\n  }\n}\n',
    'tabs and no line break at the end': '{\n\t"model": "opus",\n\t"env": {\n\t\t"A": "1"\n\t}\n}',
    'four spaces and CRLF':
      '{\r\n    "model": "opus",\r\n    "permissions": {\r\n        "allow": []\r\n    }\r\n}\r\n',
    comments: '// mine\n{\n  /* the model */\n  "model": "opus" // large\n}\n',
    'other values of the same settings':
      '{\n  "apiKeyHelper": "~/bin/key",\n  "env": {\n    "ANTHROPIC_BASE_URL": "https://proxy.example.com"\n  }\n}\n',
  };
  for (const [name, text] of Object.entries(files)) {
    it(`are set and taken back so that the file is the same to the byte: ${name}`, () => {
      const { text: after, undo } = edited(text);
      const value = parse(after) as { env: object; apiKeyHelper: string };
      assert.equal(value.apiKeyHelper, 'printenv CALLGUARD_TOKEN');
      assert.deepEqual(undone(after, undo), { text, kept: [] });
    });
  }

  it('make a file where there is none', () => {
    const { text, undo } = edited('');
    assert.equal(
      text,
      '{\n  "env": {\n    "ANTHROPIC_BASE_URL": "http://127.0.0.1:22557"\n  },\n  "apiKeyHelper": "printenv CALLGUARD_TOKEN"\n}\n',
    );
    assert.deepEqual(parse(undone(text, undo).text), {});
  });

  it('stay where the user has changed them since', () => {
    const { text, undo } = edited('{\n  "model": "opus"\n}\n');
    const changed = text.replace('http://127.0.0.1:22557', 'https://proxy.example.com');
    const { text: left, kept } = undone(changed, undo);
    assert.deepEqual(kept, ['env.ANTHROPIC_BASE_URL']);
    assert.deepEqual(parse(left), {
      model: 'opus',
      env: { ANTHROPIC_BASE_URL: 'https://proxy.example.com' },
    });
  });

  it('lead back to what was there before they were set twice', () => {
    const before = '{"apiKeyHelper": "mine", "env": {"A": "1"}}';
    const first = edited(before);
    const other = settings.map(({ path, value }) => ({ path, value: `${String(value)}/new` }));
    const second = edited(first.text, other);
    const joined = undone(second.text, joinUndo(first.undo, second.undo));
    assert.deepEqual(parse(joined.text), parse(before));
    assert.deepEqual(joined.kept, []);
  });

  it('lead back to what the user has set between the first time and the second', () => {
    const first = edited('{}');
    const second = edited(first.text.replace('printenv CALLGUARD_TOKEN', 'mine'));
    const joined = undone(second.text, joinUndo(first.undo, second.undo));
    assert.deepEqual(parse(joined.text), { apiKeyHelper: 'mine' });
  });

  it('leave an object that Callguard made if the user has put more into it', () => {
    const { text, undo } = edited('{\n  "model": "opus"\n}\n');
    const more = text.replace('"env": {', '"env": {\n    "B": "2",');
    assert.deepEqual(parse(undone(more, undo).text), { model: 'opus', env: { B: '2' } });
  });

  for (const [name, text] of Object.entries({
    'is cut off': '{ "env": {',
    'is a list': '[]',
    'is a text': '"x"',
    'has conflict markers': '{\n<<<<<<< HEAD\n  "a": 1\n=======\n  "a": 2\n>>>>>>> x\n}\n',
    'is not JSON': 'model: opus\n',
  })) {
    it(`are not set in a file that ${name}`, () => {
      assert.deepEqual(applySettings(text, settings), { ok: false, error: 'unreadable' });
    });
  }

  for (const [name, text] of Object.entries({
    'has a text where an object would have to be': '{ "env": "none" }',
    'has null where an object would have to be': '{ "env": null }',
    'has a list where an object would have to be': '{ "env": [] }',
    'has the same name twice': '{ "apiKeyHelper": "a", "apiKeyHelper": "b" }',
    'has the same object twice': '{ "env": { "A": "1" }, "env": { "B": "1" } }',
  })) {
    it(`are not set in a file that ${name}`, () => {
      assert.deepEqual(applySettings(text, settings), { ok: false, error: 'conflict' });
    });
  }

  it('leave every other value of any file as it was, and taking them back leaves all', () => {
    const name = fc.constantFrom('env', 'apiKeyHelper', 'ANTHROPIC_BASE_URL', 'a', '', '"', '__proto__x');
    const { value } = fc.letrec<{ value: unknown; object: object }>((tie) => ({
      value: fc.oneof({ depthSize: 'small' }, fc.string(), fc.integer(), fc.constant(null), tie('object')),
      object: fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    }));
    const indents = fc.constantFrom(undefined, 2, 4, '\t');
    fc.assert(
      fc.property(fc.dictionary(name, value, { noNullPrototype: true }), indents, (before, indent) => {
        const text = JSON.stringify(before, undefined, indent);
        const result = applySettings(text, settings);
        if (!result.ok) {
          assert.equal(result.error, 'conflict');
          return;
        }
        const { text: after, undo } = result.value;
        const { env, apiKeyHelper: _, ...others } = parse(after) as Record<string, unknown>;
        const { env: envBefore, apiKeyHelper: __, ...othersBefore } = before;
        assert.deepEqual(others, othersBefore);
        assert.deepEqual(env, { ...(envBefore as object), ANTHROPIC_BASE_URL: 'http://127.0.0.1:22557' });
        assert.deepEqual(parse(undone(after, undo).text), JSON.parse(text));
      }),
      { numRuns: 300 },
    );
  });
});
