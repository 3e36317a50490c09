import { capsAgreeWithReference } from './caps-model.ts';
import { circuitAgreesWithReference } from './circuit-model.ts';

describe('three windows on one ledger, with sleeps, restarts and clocks set back', () => {
  it('grant, refuse and count against caps as a plain list of all calls does', async () => {
    await capsAgreeWithReference(25, 1);
  });

  it('open, probe and close one circuit as the specification says', async () => {
    await circuitAgreesWithReference(25, 1);
  });
});
