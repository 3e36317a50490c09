import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { measuredFile, parseMeasured, type Measured, type RefusalName } from '../../clients/refusals.ts';
import { toolStatuses, type ToolStatuses } from '../../../src/gateway/tool-statuses.ts';

/** A user who sees nothing for longer takes the tool for broken. */
const longestSeconds = 10;
const mostRequests = 3;

const measured = parseMeasured(readFileSync(measuredFile, 'utf8'));
const rows: Readonly<Record<string, ToolStatuses>> = toolStatuses;

/** The first of the answers that shows the words at once and ends, or the one that is repeated least. */
function best<S extends number>(
  answers: Readonly<Record<string, Measured>>,
  candidates: readonly (readonly [S, RefusalName])[],
): S | undefined {
  const shown = candidates.flatMap(([status, name]) => {
    const answer = answers[name];
    const isShown = answer?.ended === true && (answer.shownSeconds ?? Infinity) <= longestSeconds;
    return isShown ? [{ status, requests: answer.requests }] : [];
  });
  const calm = shown.find(({ requests }) => requests <= mostRequests);
  return (calm ?? shown.sort((left, right) => left.requests - right.requests)[0])?.status;
}

describe('the statuses of well-known tools', () => {
  it('stand for every tool that was measured, in the version that was measured', () => {
    const versions = (from: Readonly<Record<string, { readonly version: string }>>) =>
      Object.fromEntries(Object.entries(from).map(([id, { version }]) => [id, version]));
    assert.deepEqual(versions(rows), versions(measured));
  });

  for (const [id, { answers }] of Object.entries(measured)) {
    const row = rows[id];

    it(`show the words of a cap soonest in ${id}`, () => {
      const candidates = [
        [429, '429, x-should-retry: false'],
        [402, '402'],
        [400, '400'],
      ] as const;
      assert.equal(row?.cap, best(answers, candidates));
    });

    it(`show the words of a final refusal soonest in ${id}`, () => {
      assert.equal(
        row?.final,
        best(answers, [
          [400, '400'],
          [402, '402'],
        ]),
      );
    });

    it(`show the words of what ends by itself soonest in ${id}`, () => {
      assert.equal(
        row?.passing,
        best(answers, [
          [503, '503, retry-after'],
          [400, '400'],
          [402, '402'],
        ]),
      );
    });
  }

  it('know a tool by its user agent only if no other tool begins with it', () => {
    const agents = Object.values(rows).flatMap(({ userAgent }) => userAgent ?? []);
    for (const agent of agents) assert.equal(agents.filter((other) => other.startsWith(agent)).length, 1);
  });
});
