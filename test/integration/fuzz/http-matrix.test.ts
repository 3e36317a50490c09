import assert from 'node:assert/strict';
import { seed } from '../../support/fuzz.ts';
import type { Headless } from '../../support/headless.ts';
import {
  runMatrix,
  startCountingUpstream,
  startMatrixGateway,
  type CountingUpstream,
} from '../../support/http-matrix-run.ts';

const requests = 400;

describe('Fuzz: a matrix of HTTP requests', () => {
  let upstream: CountingUpstream;
  let gateway: Headless;
  before(async () => {
    upstream = await startCountingUpstream();
    gateway = await startMatrixGateway(upstream);
  });
  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  it(`lets in what is right and nothing else, of ${requests} requests`, async () => {
    const { wronglyLetIn, wronglyRefused, broken, letIn } = await runMatrix(
      gateway,
      upstream,
      seed,
      requests,
    );
    assert.deepEqual(
      { wronglyLetIn, wronglyRefused, broken },
      { wronglyLetIn: [], wronglyRefused: [], broken: [] },
    );
    assert.ok(letIn > requests / 20);
    assert.doesNotMatch(gateway.log, /^\[(?:warn|error)\]/m);
  });
});
