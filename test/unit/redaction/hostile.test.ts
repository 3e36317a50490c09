import { createRedactor } from '../../../src/redaction/redact.ts';
import { hostileTexts } from '../../support/hostile-text.ts';

// The bench requires 50 ms. A pattern that is not linear takes minutes for this text on any machine.
describe('redact: 1 MiB of hostile text', function () {
  this.timeout(20_000);
  const redactor = createRedactor();
  for (const secret of ['aaaaaaaaaaaaaaaaaaaaaaab', 'sk-sk-sk-sk-sk-sk-sk-sk!', '                       !'])
    redactor.register(secret);

  for (const [what, text] of Object.entries(hostileTexts(2 ** 20))) {
    it(`finishes within the time limit of a test: ${what}`, () => {
      redactor.redact(text);
    });
  }
});
