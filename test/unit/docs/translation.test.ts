import assert from 'node:assert/strict';
import type { ProtocolName } from '../../../src/gateway/protocols/protocol.ts';
import { sectionOf, tableRowsIn } from '../../support/markdown.ts';
import { fieldRows, partRows } from '../../support/translation-table.ts';

const page = 'docs/translation.md';
const sections: Readonly<Record<ProtocolName, string>> = {
  'openai-chat': 'Chat completions',
  'openai-responses': 'Responses API',
  'anthropic-messages': 'Messages',
  'google-generative': "Google's protocol",
};

describe('docs/translation.md', () => {
  it('says what arrives of each part of a request', async () => {
    assert.deepEqual(tableRowsIn(sectionOf(page, 'What arrives at the provider')), await partRows());
  });

  for (const [protocol, title] of Object.entries(sections)) {
    it(`lists the fields of ${protocol} that the table of losses has`, () => {
      assert.deepEqual(tableRowsIn(sectionOf(page, title)), fieldRows(protocol as ProtocolName));
    });
  }
});
