import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { clientEnvironment } from '../../../src/gateway/client-environment.ts';
import {
  readCheck,
  readsNoFiles,
  shellCheck,
  startsElsewhere,
  type TerminalCheck,
} from '../../../src/gateway/tokens/terminal-check.ts';
import { secretVariables } from '../../../src/providers/config/key-variables.ts';
import { skipBecause } from '../../support/skip.ts';

const token = 'cg_the-token-of-the-terminal';
const secretsAmong = (names: readonly string[]) => secretVariables(['house'], names);
const checked = (...changed: string[]): TerminalCheck => ({ kind: 'checked', changed });

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
    lines: readonly string[],
  ): { found: TerminalCheck; output: string } {
    const file = path.join(home, startUp);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, lines.join('\n'));
    const check = shellCheck(name);
    const changes: Record<string, string | null> = {
      ...clientEnvironment(22_557, token, {}, ['house']),
      ...check?.env,
    };
    const env: Record<string, string> = { PATH: process.env['PATH'] ?? '', HOME: home };
    for (const [variable, value] of Object.entries(changes)) {
      if (value !== null) env[variable] = value;
    }
    const output = execFileSync(name, [...args, check?.command ?? ''], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return { found: readCheck(output, secretsAmong), output };
  }

  for (const shell of shells) {
    describe(`in ${shell.name}`, function () {
      before(function () {
        if (spawnSync(shell.name, ['-c', 'true']).status !== 0)
          skipBecause(this, `${shell.name} is not installed`);
      });

      it(`finds nothing in ${shell.name} if the start-up files set nothing`, () => {
        assert.deepEqual(run(shell, []).found, checked());
      });

      it(`names what the start-up files of ${shell.name} set, and prints no value`, () => {
        const { found, output } = run(shell, [
          'export OPENAI_API_KEY=sk-canary',
          'export OPENAI_BASE_URL=https://elsewhere.example/v1',
          'export GROQ_API_KEY=gsk_canary',
          'export HOUSE_API_KEY=canary',
          'export MY_TOKEN=canary',
        ]);
        const names = found.kind === 'checked' ? [...found.changed].sort() : found.kind;
        assert.deepEqual(names, ['GROQ_API_KEY', 'HOUSE_API_KEY', 'OPENAI_API_KEY', 'OPENAI_BASE_URL']);
        assert.doesNotMatch(output, /canary|cg_the-token|elsewhere/);
      });

      it(`names numbered keys and lists of keys of ${shell.name}`, () => {
        const { found } = run(shell, ['export GEMINI_API_KEYS=a,b', 'export MISTRAL_API_KEY_2=c']);
        assert.deepEqual(found.kind === 'checked' && [...found.changed].sort(), [
          'GEMINI_API_KEYS',
          'MISTRAL_API_KEY_2',
        ]);
      });

      it(`names a list of addresses without a proxy that ${shell.name} has set without the gateway's`, () => {
        assert.deepEqual(run(shell, ['export no_proxy=.corp.example']).found, checked('no_proxy'));
      });

      it(`sees that ${shell.name} got nothing of what the terminal was started with`, () => {
        const names = Object.entries(clientEnvironment(22_557, token, {}, ['house']))
          .filter(([, value]) => value !== null)
          .map(([name]) => name)
          .concat('CALLGUARD_CHECK');
        const remove = shell.name === 'fish' ? 'set -e' : 'unset';
        assert.deepEqual(run(shell, [`${remove} ${names.join(' ')}`]).found, { kind: 'lost' });
      });

      it(`takes neither an alias of ${shell.name} nor a value of several lines for the answer`, () => {
        const { found } = run(shell, ["export NOTE='GROQ_API_KEY=\nok'", 'alias awk="echo GROQ_API_KEY="']);
        assert.deepEqual(found, checked());
      });
    });
  }

  it('knows every variable with a secret by its name', () => {
    const names = [...secretVariables([], [])];
    const output = [...names.map((name) => `${name}=`), 'ok'].join(' ');
    assert.ok(names.length > 90);
    assert.deepEqual(
      names.filter((name) => !/KEY|TOKEN|CREDENTIAL/.test(name)),
      [],
    );
    const found = readCheck(output, secretsAmong);
    // The terminal has these itself.
    const own = ['OPENAI_API_KEY', 'GEMINI_API_KEY', 'COPILOT_PROVIDER_API_KEY'];
    assert.equal(found.kind === 'checked' ? found.changed.length : 0, names.length - own.length);
  });

  it('reads the output of PowerShell, with the marks of shell integration', () => {
    const check = shellCheck('C:\\Program Files\\PowerShell\\7\\pwsh.exe');
    assert.match(check?.env.CALLGUARD_CHECK ?? '', /Get-ChildItem env:/);
    assert.match(check?.command ?? '', /^ .*\$env:CALLGUARD_CHECK$/);
    const output =
      '\u001b]633;C\u0007OPENAI_API_KEY?\r\n\u001b[32mGROQ_API_KEY=\u001b[0m\r\nPATH_TOKEN=\r\nok\r\n\u001b]633;D;0\u0007';
    assert.deepEqual(readCheck(output, secretsAmong), checked('OPENAI_API_KEY', 'GROQ_API_KEY'));
  });

  it('takes another answer for that of a shell with other variables', () => {
    for (const output of ['', 'sh: awk: not found\r\n', 'OPENAI_API_KEY? GROQ_API_KEY=']) {
      assert.deepEqual(readCheck(output, secretsAmong), { kind: 'lost' });
    }
  });

  it('does not know the language of every shell', () => {
    for (const shell of ['C:\\Windows\\System32\\cmd.exe', '/usr/bin/nu', '']) {
      assert.equal(shellCheck(shell), undefined);
    }
    assert.equal(readsNoFiles('C:\\Windows\\System32\\cmd.exe'), true);
    assert.equal(readsNoFiles('/usr/bin/nu'), false);
  });
});

describe('startsElsewhere', () => {
  for (const shell of [
    'C:\\WINDOWS\\System32\\wsl.exe',
    'C:\\Windows\\system32\\bash.exe',
    'C:\\Users\\me\\AppData\\Local\\Microsoft\\WindowsApps\\ubuntu2204.exe',
    'debian.exe',
    'openSUSE-Leap-15.6.exe',
    'OracleLinux_9_1.exe',
    'C:\\Users\\me\\AppData\\Local\\Microsoft\\WindowsApps\\SUSE-Linux-Enterprise-15-SP5.exe',
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
    'C:\\oracle\\bin\\bash.exe',
    '/bin/bash',
    '/usr/bin/zsh',
    '',
  ]) {
    it(`takes ${shell || 'an unknown shell'}`, () => {
      assert.equal(startsElsewhere(shell), false);
    });
  }
});
