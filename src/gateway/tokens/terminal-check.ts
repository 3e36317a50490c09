import { posix, win32 } from 'node:path';

/** Programs that start a shell in another environment, which neither gets our variables nor reaches the gateway. */
const elsewhere = new Set([
  'wsl',
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
]);

/** The launchers of WSL and of its distributions, such as `ubuntu2204.exe` and `openSUSE-Leap-15.6.exe`. */
const ofWsl =
  /(?:^|[\\/])(?:wsl|ubuntu|debian|kali|(?:open)?suse|fedora|alpine|oracle|alma|rocky|arch|pengwin)[^\\/]*\.exe$/i;

/** `C:\Windows\System32\wsl.exe` is `wsl`, `ubuntu2204.exe` is `ubuntu`. */
function programOf(shell: string): string {
  const name = win32.basename(posix.basename(shell)).toLowerCase();
  return name.replace(/\.exe$/, '').replace(/[-\d.]+$/, '');
}

/** Whether a terminal's shell runs elsewhere: in WSL, in a container, or on another machine. */
export function startsElsewhere(shell: string): boolean {
  // The old launcher of WSL. Git's bash lies elsewhere.
  const isOldLauncher = /[\\/]system32[\\/]bash\.exe$/i.test(shell);
  return isOldLauncher || ofWsl.test(shell) || elsewhere.has(programOf(shell));
}

/** The variables that must have the gateway's values, and where such a value stands. */
const expected: readonly (readonly [name: string, value: string, path: string])[] = [
  ['OPENAI_API_KEY', 'CALLGUARD_TOKEN', ''],
  ['ANTHROPIC_AUTH_TOKEN', 'CALLGUARD_TOKEN', ''],
  ['OPENAI_BASE_URL', 'CALLGUARD_URL', '/v1'],
  ['OPENAI_API_BASE', 'CALLGUARD_URL', '/v1'],
  ['ANTHROPIC_BASE_URL', 'CALLGUARD_URL', ''],
  ['GEMINI_API_KEY', 'CALLGUARD_TOKEN', ''],
  ['GOOGLE_GEMINI_BASE_URL', 'CALLGUARD_URL', ''],
  ['COPILOT_PROVIDER_API_KEY', 'CALLGUARD_TOKEN', ''],
  ['COPILOT_PROVIDER_BASE_URL', 'CALLGUARD_URL', '/v1'],
];
/** The variables that keep tools from sending what is for the gateway to a proxy. */
const direct = ['NO_PROXY', 'no_proxy'];
const loopback = '127[.]0[.]0[.]1';

/** Names that a variable with a secret may have. */
const telling = 'KEY|TOKEN|CREDENTIAL';

/** For awk, which every shell of Unix can start. */
const awkProgram = [
  'BEGIN { printf "Callguard: "',
  ...expected.map(([name, value, path]) => `w["${name}"] = ENVIRON["${value}"] "${path}"`),
  'for (n in w) if (ENVIRON[n] "" != w[n]) printf "%s? ", n',
  ...direct.map((name) => `if (ENVIRON["${name}"] !~ /${loopback}/) printf "${name}? "`),
  'w["CALLGUARD_TOKEN"]',
  `for (n in ENVIRON) if (!(n in w) && n ~ /^[A-Za-z0-9_]*(${telling})[A-Za-z0-9_]*$/) printf "%s= ", n`,
  'print "ok" }',
].join('; ');

const powershellProgram = [
  ...expected.map(([name, value, path]) => `if ($env:${name} -cne "$($env:${value})${path}") { '${name}?' }`),
  ...direct.map((name) => `if ($env:${name} -notmatch '${loopback}') { '${name}?' }`),
  `(Get-ChildItem env:).Name -match '${telling}' -replace '$', '='`,
  `'ok'`,
].join('; ');

/** A check that a terminal gets when it is opened, and runs when its shell has read its start-up files. */
export interface ShellCheck {
  /**
   * Prints the names of variables that may have a key (`NAME=`), those of expected variables that do not have their
   * value (`NAME?`), and `ok`, but no value. Stands in a variable, so that the user sees one short command.
   */
  readonly env: { readonly CALLGUARD_CHECK: string };
  /** The space at its beginning keeps it out of the history of many shells. */
  readonly command: string;
}

/** Undefined for a shell whose language is not known. */
export function shellCheck(shell: string): ShellCheck | undefined {
  switch (programOf(shell)) {
    case 'bash':
    case 'zsh':
    case 'fish':
    case 'sh':
    case 'dash':
    case 'ksh':
      // `command`: not an alias or a function of the user's.
      return { env: { CALLGUARD_CHECK: awkProgram }, command: ' command awk "$CALLGUARD_CHECK"' };
    case 'pwsh':
    case 'powershell':
      return {
        env: { CALLGUARD_CHECK: powershellProgram },
        command: ' Invoke-Expression $env:CALLGUARD_CHECK',
      };
    default:
      return undefined;
  }
}

/** Whether a shell has no start-up files that could set a variable. */
export function readsNoFiles(shell: string): boolean {
  return programOf(shell) === 'cmd';
}

/** Control sequences of a terminal (ECMA-48), and the operating system commands of shell integration. */
const [escape, bell] = [String.fromCharCode(0x1b), String.fromCharCode(0x07)];
const controls = new RegExp(
  `${escape}\\][^${bell}${escape}]*(?:${bell}|${escape}\\\\)?|${escape}\\[[0-?]*[ -/]*[@-~]`,
  'g',
);

/** What arrived in a terminal. `lost`: nothing, so the shell has the environment of another program. */
export type TerminalCheck =
  { readonly kind: 'checked'; readonly changed: readonly string[] } | { readonly kind: 'lost' };

/**
 * What the output of the command says. `changed`: secrets that the terminal was started without, and expected variables
 * with another value. `secretsAmong` picks the names of variables with a secret.
 */
export function readCheck(
  output: string,
  secretsAmong: (names: readonly string[]) => ReadonlySet<string>,
): TerminalCheck {
  const words = output.replaceAll(controls, '').split(/\s+/);
  if (!words.includes('ok')) return { kind: 'lost' };
  const withMark = (mark: RegExp) => words.flatMap((word) => mark.exec(word)?.[1] ?? []);
  const differing = withMark(/^(\w+)\?$/);
  const names = withMark(/^(\w+)=$/);
  const secrets = secretsAmong(names);
  const strays = names.filter((name) => secrets.has(name) && !expected.some(([known]) => known === name));
  return { kind: 'checked', changed: [...new Set([...differing, ...strays])] };
}
