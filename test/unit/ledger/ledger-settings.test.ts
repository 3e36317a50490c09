import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  defaultLedgerSettings,
  parseLedgerSettings,
  parseTimeZone,
} from '../../../src/ledger/ledger-settings.ts';
import { inEnglish } from '../../support/languages.ts';

interface Manifest {
  readonly contributes: {
    readonly configuration: {
      readonly properties: Readonly<
        Record<string, { readonly properties?: Readonly<Record<string, { readonly default: number }>> }>
      >;
    };
  };
}

describe('parseLedgerSettings', () => {
  it('uses 400 and 90 days, 10 min and 2 s by default', () => {
    const settings = { usageDays: 400, auditDays: 90, holdMs: 600_000, patienceMs: 2_000 };
    assert.deepEqual(parseLedgerSettings(undefined), { settings, problems: [] });
    assert.deepEqual(parseLedgerSettings({}), { settings, problems: [] });
  });

  it('reads days, minutes and seconds', () => {
    const written = { usageDays: 31, auditDays: 7, holdMinutes: 1.5, patience: 0.5 };
    const settings = { usageDays: 31, auditDays: 7, holdMs: 90_000, patienceMs: 500 };
    assert.deepEqual(parseLedgerSettings(written), { settings, problems: [] });
  });

  for (const [member, value] of [
    ['usageDays', 30],
    ['auditDays', 0],
    ['auditDays', 1.5],
    ['holdMinutes', 0],
    ['patience', Number.NaN],
    ['patience', '2'],
  ] as const) {
    it(`uses the defaults if ${member} is ${JSON.stringify(value)} and names the property`, () => {
      const { settings, problems } = parseLedgerSettings({ usageDays: 500, [member]: value });
      assert.deepEqual(settings, defaultLedgerSettings);
      const [said = '', ...others] = inEnglish(problems);
      assert.deepEqual(others, []);
      assert.ok(said.startsWith(`callguard.ledger.${member}: `), said);
    });
  }

  for (const setting of [null, [], 'all', { usageDay: 5 }]) {
    it(`uses the defaults if the setting is ${JSON.stringify(setting)} and reports the problem`, () => {
      const { settings, problems } = parseLedgerSettings(setting);
      assert.deepEqual(settings, defaultLedgerSettings);
      // VS Code uses null for an absent setting.
      assert.equal(problems.length, setting === null ? 0 : 1);
    });
  }

  it('reads a time zone that exists', () => {
    for (const none of [undefined, null, ''])
      assert.deepEqual(parseTimeZone(none), { zone: undefined, problems: [] });
    assert.deepEqual(parseTimeZone('Asia/Tokyo'), { zone: 'Asia/Tokyo', problems: [] });
    for (const wrong of ['Mars/Olympus', 9, {}]) {
      const { zone, problems } = parseTimeZone(wrong);
      assert.equal(zone, undefined);
      assert.match(inEnglish(problems).join(), /^callguard\.timeZone: /);
    }
  });

  it('has the defaults that package.json shows', () => {
    const manifest = JSON.parse(
      readFileSync(path.join(import.meta.dirname, '../../../package.json'), 'utf8'),
    ) as Manifest;
    const members = manifest.contributes.configuration.properties['callguard.ledger']?.properties ?? {};
    const shown = Object.fromEntries(Object.entries(members).map(([name, member]) => [name, member.default]));
    assert.deepEqual(shown, { usageDays: 400, auditDays: 90, holdMinutes: 10, patience: 2 });
    assert.deepEqual(parseLedgerSettings(shown), parseLedgerSettings(undefined));
  });
});
