import assert from 'node:assert/strict';
import { statusTooltip } from '../../../src/editor/views/status-tooltip.ts';
import type { ProviderStatus } from '../../../src/observe/status.ts';
import { noTotals } from '../../support/no-totals.ts';
import { providerStatus } from '../../support/provider-status.ts';

describe('the tooltip of the status bar', () => {
  for (const [what, changes, command] of [
    ['a test of a healthy provider', {}, 'testProvider'],
    ['a reset of an open circuit', { circuit: { kind: 'forcedOpen', generation: 1 } }, 'resetCircuit'],
    ['a reset after credit was used up', { outOfCredit: true }, 'resetCircuit'],
    ['to replace a rejected key', { keyRejected: true }, 'replaceKey'],
    ['to enter a missing key', { key: { kind: 'notSet' } }, 'replaceKey'],
    [
      'to confirm the new address of a key',
      { key: { kind: 'originChanged', approved: 'https://a', wanted: 'https://b' } },
      'confirmOrigin',
    ],
    ['to resume a paused provider', { paused: true, outOfCredit: true }, 'resumeProvider'],
  ] as const satisfies readonly [string, Partial<ProviderStatus>, string][]) {
    it(`offers ${what}`, () => {
      const providers = [providerStatus('acme', changes)];
      const status = { nowMs: 0, day: '2026-01-15', providers, today: noTotals };
      const { value, isTrusted } = statusTooltip(status, undefined, undefined);
      const argument = encodeURIComponent(JSON.stringify(['acme']));
      assert.ok(value.includes(`(command:callguard.${command}?${argument})`), value);
      assert.ok(typeof isTrusted === 'object' && isTrusted.enabledCommands.includes(`callguard.${command}`));
    });
  }
});
