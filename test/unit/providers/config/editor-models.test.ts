import assert from 'node:assert/strict';
import { parseEditorModel } from '../../../../src/providers/config/editor-models.ts';

describe("the name of a model of the editor's", () => {
  it('is its vendor and its family or id, which may have slashes', () => {
    assert.deepEqual(parseEditorModel('copilot/gpt-5'), { vendor: 'copilot', name: 'gpt-5' });
    assert.deepEqual(parseEditorModel('acme/open/weights'), { vendor: 'acme', name: 'open/weights' });
  });

  it('is never one of our own, which would guard a call twice', () => {
    assert.equal(parseEditorModel('callguard/openai/gpt-5'), undefined);
  });

  for (const name of ['gpt-5', '/gpt-5', 'copilot/', '']) {
    it(`is not '${name}'`, () => {
      assert.equal(parseEditorModel(name), undefined);
    });
  }
});
