import assert from 'node:assert/strict';
import { parseEditorModel } from '../../../../src/providers/config/editor-models.ts';

describe('parseEditorModel', () => {
  it('reads the vendor, and the family or id, which may contain slashes', () => {
    assert.deepEqual(parseEditorModel('copilot/gpt-5'), { vendor: 'copilot', name: 'gpt-5' });
    assert.deepEqual(parseEditorModel('acme/open/weights'), { vendor: 'acme', name: 'open/weights' });
  });

  it('refuses a model of Callguard, which would guard a call twice', () => {
    assert.equal(parseEditorModel('callguard/openai/gpt-5'), undefined);
  });

  for (const name of ['gpt-5', '/gpt-5', 'copilot/', '']) {
    it(`refuses '${name}'`, () => {
      assert.equal(parseEditorModel(name), undefined);
    });
  }
});
