import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { defaultGatewayPort } from '../../../src/gateway/port-setting.ts';
import { FileSettings } from '../../../src/headless/file-settings.ts';

describe('FileSettings', () => {
  let folder: string;
  let file: string;
  let opened: FileSettings[];

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'callguard-file-settings-'));
    file = path.join(folder, 'settings.json');
    opened = [];
  });
  afterEach(() => {
    for (const settings of opened) settings.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (settings: object) => {
    writeFileSync(file, JSON.stringify(settings));
  };
  const open = (port?: number) => {
    const settings = FileSettings.open(file, port);
    if (!settings.ok) throw new Error(settings.error);
    opened.push(settings.value);
    return settings.value;
  };

  it('reads settings by the names that VS Code has for them, and uses the defaults for the rest', () => {
    write({ 'callguard.promptSecrets': 'block', 'editor.fontSize': 14 });
    const { current } = open();
    assert.deepEqual(
      [current.promptSecrets, current.gatewayPort, current.providers.usable.size, current.problems],
      ['block', defaultGatewayPort, 0, []],
    );
  });

  it('applies a change in the next turn and reports it once', async () => {
    write({ 'callguard.gateway.port': 20_001 });
    const settings = open();
    let changes = 0;
    settings.onDidChange(() => (changes += 1));
    assert.equal(settings.current, settings.current);
    write({ 'callguard.gateway.port': 20_002 });
    await setImmediate();
    assert.deepEqual(
      [settings.current.gatewayPort, settings.current.gatewayPort, changes],
      [20_002, 20_002, 1],
    );
  });

  it('reports a change that nobody looks for', async () => {
    write({});
    const settings = open();
    const changed = new Promise((resolve) => settings.onDidChange(resolve));
    write({ 'callguard.gateway.port': 20_001 });
    await changed;
  });

  it('keeps the port that it was given', () => {
    write({ 'callguard.gateway.port': 20_001 });
    assert.equal(open(0).current.gatewayPort, 0);
  });

  it('keeps the last good settings while the file is broken or missing, and says so without quoting it', async () => {
    write({ 'callguard.promptSecrets': 'block' });
    const settings = open();
    writeFileSync(file, '{ "callguard.promptSecrets": "off", "apiKey": "sk-0123456789" ');
    await setImmediate();
    assert.equal(settings.current.promptSecrets, 'block');
    assert.match(
      settings.current.problems.join(),
      /is not valid JSON \(comments are not allowed\)\. The last good settings still apply/,
    );
    assert.doesNotMatch(settings.current.problems.join(), /sk-/);
    rmSync(file);
    await setImmediate();
    assert.equal(settings.current.promptSecrets, 'block');
    assert.match(settings.current.problems.join(), /cannot be read \(ENOENT\)/);
    write({ 'callguard.promptSecrets': 'off' });
    await setImmediate();
    assert.deepEqual([settings.current.promptSecrets, settings.current.problems], ['off', []]);
  });

  it('does not open a file that is missing or no JSON object', () => {
    const problem = () => {
      const settings = FileSettings.open(file);
      return settings.ok ? '' : settings.error;
    };
    assert.match(problem(), /cannot be read \(ENOENT\)/);
    writeFileSync(file, '[]');
    assert.match(problem(), /is not a JSON object/);
    writeFileSync(file, `{"callguard.tenants": ${'['.repeat(1_000_000)}`);
    assert.match(problem(), /is not valid JSON/);
  });

  it('does not read a folder, nor a file of more than 4 MiB', () => {
    assert.match(errorOf(folder), /is not a file/);
    writeFileSync(file, ' '.repeat(4 * 1024 * 1024 + 1));
    assert.match(errorOf(file), /is too large/);
  });

  function errorOf(place: string): string {
    const settings = FileSettings.open(place);
    return settings.ok ? '' : settings.error;
  }
});
