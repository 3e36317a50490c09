import { capsAgreeWithReference } from './caps-model.ts';
import { circuitAgreesWithReference } from './circuit-model.ts';

describe('SqliteLedger in three windows, with sleeps, restarts and clocks set back', () => {
  it('admits, refuses and counts as a plain list of all calls does', async () => {
    await capsAgreeWithReference(25, 1);
  });

  it('opens, probes and closes one circuit as the specification says', async () => {
    await circuitAgreesWithReference(25, 1);
  });
});
