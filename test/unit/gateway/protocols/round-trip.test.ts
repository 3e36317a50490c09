import assert from 'node:assert/strict';
import { cellsOf, features, tableTargets } from '../../../support/translation-table.ts';

/** A part arrives, arrives in the form that the table names, or is lost under a name of the table. */
const known = /^(?:kept|left out: `[^`]+`(?:, `[^`]+`)*)$/;

describe('round trip of a request: decoded, made to fit, sent by the AI SDK, and decoded again', () => {
  for (const feature of features) {
    for (const target of tableTargets) {
      it(`says the same from each protocol: ${feature.label}, to ${target.label}`, async () => {
        const cells = await cellsOf(feature, target);
        const texts = new Set(cells.map(({ text }) => text));
        assert.equal(texts.size, 1, JSON.stringify(cells));
        const [text = ''] = texts;
        assert.ok(known.test(text) || text === feature.otherForm, text);
      });
    }
  }
});
