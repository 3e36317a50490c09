import { capsAgreeWithReference } from '../integration/ledger/caps-model.ts';
import { circuitAgreesWithReference } from '../integration/ledger/circuit-model.ts';

const runs = 1_000;

describe('model-based: three windows, sleeps, restarts, clocks set back', () => {
  it(`caps agree with the reference in ${runs} runs`, async () => {
    await capsAgreeWithReference(runs);
    console.log(`    caps: ${runs} runs agree with the reference`);
  });

  it(`the circuit agrees with the reference in ${runs} runs`, async () => {
    await circuitAgreesWithReference(runs);
    console.log(`    circuit: ${runs} runs agree with the reference`);
  });
});
