import { posix, win32 } from 'node:path';

/** Programs that start a shell in another environment, which neither gets our variables nor reaches the gateway. */
const elsewhere = new Set([
  ...[
    'wsl',
    'wslhost',
    'ubuntu',
    'debian',
    'kali',
    'opensuse',
    'fedora',
    'alpine',
    'oracle',
    'almalinux',
    'archlinux',
  ],
  ...[
    'ssh',
    'mosh',
    'docker',
    'podman',
    'nerdctl',
    'kubectl',
    'multipass',
    'vagrant',
    'lxc',
    'distrobox',
    'toolbox',
  ],
]);

/** `C:\Windows\System32\wsl.exe` is `wsl`, `ubuntu2204.exe` is `ubuntu`. */
function programOf(shell: string): string {
  const name = win32.basename(posix.basename(shell)).toLowerCase();
  return name.replace(/\.exe$/, '').replace(/[-\d.]+$/, '');
}

/** Whether a terminal's shell runs elsewhere: in WSL, in a container, or on another machine. */
export function startsElsewhere(shell: string): boolean {
  // The old launcher of WSL. Git's bash lies elsewhere.
  const isOldLauncher = /[\\/]system32[\\/]bash\.exe$/i.test(shell);
  return isOldLauncher || elsewhere.has(programOf(shell));
}

/** The variables that must have the gateway's values, and those values in the words of a shell. */
const expected: readonly (readonly [name: string, value: string, path: string])[] = [
  ['OPENAI_API_KEY', 'CALLGUARD_TOKEN', ''],
  ['ANTHROPIC_AUTH_TOKEN', 'CALLGUARD_TOKEN', ''],
  ['OPENAI_BASE_URL', 'CALLGUARD_URL', '/v1'],
  ['OPENAI_API_BASE', 'CALLGUARD_URL', '/v1'],
  ['ANTHROPIC_BASE_URL', 'CALLGUARD_URL', ''],
];

/** Names that a variable with a secret may have. */
const telling = '(KEY|TOKEN|CREDENTIAL)';

/**
 * A command that prints the names of variables that may have a key, and whether each expected variable has its value.
 * It prints no value. Undefined for a shell whose language is not known. The space at its beginning keeps it out of the
 * history of many shells.
 */
export function checkCommand(shell: string): string | undefined {
  switch (programOf(shell)) {
    case 'bash':
    case 'zsh':
    case 'fish':
    case 'sh':
    case 'dash':
    case 'ksh':
      return [
        ` env | grep -oE '^[A-Za-z0-9_]*${telling}[A-Za-z0-9_]*='`,
        ...expected.map(([name, value, path]) => `env | grep -cFx "${name}=$${value}${path}"`),
      ].join('; ');
    case 'pwsh':
    case 'powershell':
      return [
        ` (Get-ChildItem env:).Name -match '${telling}' -replace '$', '='`,
        ...expected.map(([name, value, path]) => `[int]($env:${name} -ceq "$($env:${value})${path}")`),
      ].join('; ');
    default:
      return undefined;
  }
}

/** Control sequences of a terminal (ECMA-48), and the operating system commands of shell integration. */
const [escape, bell] = [String.fromCharCode(0x1b), String.fromCharCode(0x07)];
const controls = new RegExp(
  `${escape}\\][^${bell}${escape}]*(?:${bell}|${escape}\\\\)?|${escape}\\[[0-?]*[ -/]*[@-~]`,
  'g',
);

/**
 * The variables that the start-up files of the shell have set, by the output of the command: secrets that the
 * terminal was started without, and expected variables with another value.
 */
export function readCheck(output: string, removed: ReadonlySet<string>): string[] {
  const lines = output.replaceAll(controls, '').split(/[\r\n]+/);
  const names = lines.flatMap((line) => /^(\w+)=$/.exec(line.trim())?.[1] ?? []);
  const results = lines.map((line) => line.trim()).filter((line) => line === '0' || line === '1');
  const strays = names.filter((name) => removed.has(name) && !expected.some(([known]) => known === name));
  const changed = expected.filter((_, at) => results[at] === '0').map(([name]) => name);
  return [...new Set([...changed, ...strays])];
}
