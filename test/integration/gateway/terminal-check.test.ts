import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { clientEnvironment } from '../../../src/gateway/client-environment.ts';
import { checkCommand, readCheck, startsElsewhere } from '../../../src/gateway/terminal-check.ts';
import { secretVariables } from '../../../src/providers/config/key-variables.ts';

const token = 'cg_the-token-of-the-terminal';
const removed = secretVariables(['house'], []);

/** How to start each shell as a terminal does, with start-up files in `home`. */
const shells: readonly { name: string; startUp: string; args: string[] }[] = [
  { name: 'bash', startUp: '.bashrc', args: ['-ic'] },
  { name: 'zsh', startUp: '.zshrc', args: ['-ic'] },
  { name: 'fish', startUp: '.config/fish/config.fish', args: ['-ic'] },
  { name: 'dash', startUp: '.profile', args: ['-lc'] },
];

describe('the check of a guarded terminal', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'callguard-shell-'));
  });
  afterEach(() => {
    rmSync(home, { recursive: true });
  });

  function run(
    { name, startUp, args }: (typeof shells)[number],
    exports: string,
  ): { names: string[]; output: string } {
    writeFileSync(path.join(home, startUp), exports);
    const changes = clientEnvironment(22_557, token, {}, ['house']);
    const env: Record<string, string> = { PATH: process.env['PATH'] ?? '', HOME: home };
    for (const [variable, value] of Object.entries(changes)) {
      if (value !== null) env[variable] = value;
    }
    const output = execFileSync(name, [...args, checkCommand(name) ?? ''], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return { names: readCheck(output, removed), output };
  }

  for (const shell of shells.filter(({ name }) => spawnSync(name, ['-c', 'true']).status === 0)) {
    it(`finds nothing in ${shell.name} if the start-up files set nothing`, () => {
      assert.deepEqual(run(shell, '').names, []);
    });

    it(`names what the start-up files of ${shell.name} set, and prints no value`, () => {
      const { names, output } = run(
        shell,
        [
          'export OPENAI_API_KEY=sk-canary',
          'export OPENAI_BASE_URL=https://elsewhere.example/v1',
          'export GROQ_API_KEY=gsk_canary',
          'export HOUSE_API_KEY=canary',
          'export MY_TOKEN=canary',
        ].join('\n'),
      );
      assert.deepEqual(names.sort(), ['GROQ_API_KEY', 'HOUSE_API_KEY', 'OPENAI_API_KEY', 'OPENAI_BASE_URL']);
      assert.doesNotMatch(output, /canary|cg_the-token|elsewhere/);
    });
  }

  it('reads the output of PowerShell, with the marks of shell integration', () => {
    assert.match(checkCommand('C:\\Program Files\\PowerShell\\7\\pwsh.exe') ?? '', /Get-ChildItem env:/);
    const output =
      '\u001b]633;C\u0007\u001b[32mGROQ_API_KEY=\u001b[0m\r\nPATH_TOKEN=\r\n0\r\n1\r\n1\r\n1\r\n1\r\n\u001b]633;D;0\u0007';
    assert.deepEqual(readCheck(output, removed), ['OPENAI_API_KEY', 'GROQ_API_KEY']);
  });

  it('does not know the language of every shell', () => {
    for (const shell of ['C:\\Windows\\System32\\cmd.exe', '/usr/bin/nu', '']) {
      assert.equal(checkCommand(shell), undefined);
    }
  });
});

describe('startsElsewhere', () => {
  for (const shell of [
    'C:\\WINDOWS\\System32\\wsl.exe',
    'C:\\Windows\\system32\\bash.exe',
    'C:\\Users\\me\\AppData\\Local\\Microsoft\\WindowsApps\\ubuntu2204.exe',
    'debian.exe',
    '/usr/bin/ssh',
    '/usr/local/bin/docker',
  ]) {
    it(`refuses ${shell}`, () => {
      assert.equal(startsElsewhere(shell), true);
    });
  }

  for (const shell of [
    'C:\\Program Files\\Git\\bin\\bash.exe',
    'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
    'C:\\Windows\\System32\\cmd.exe',
    '/bin/bash',
    '/usr/bin/zsh',
    '',
  ]) {
    it(`takes ${shell || 'an unknown shell'}`, () => {
      assert.equal(startsElsewhere(shell), false);
    });
  }
});
