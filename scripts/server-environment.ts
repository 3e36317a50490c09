/**
 * What a VS Code server takes from its environment in place of what it is told. Of a VS Code in whose terminal we run:
 * the new one would open its folder in that one, and end. Code-server's own, and those of other programs that it
 * reads: `PORT` and `CODE_SERVER_HOST` win over its address, `GITHUB_TOKEN` is written into the page that everybody on
 * this machine may ask for, and with another `LOG_LEVEL` it does not say that it listens.
 */
const steering = /^(?:VSCODE_|CODE_SERVER_|(?:PORT|GITHUB_TOKEN|LOG_LEVEL)$)/;

/** Takes that out of an environment: each of its variables as undefined, which is no variable for a new process. */
export function withoutSteering(environment: NodeJS.ProcessEnv): Record<string, undefined> {
  const names = Object.keys(environment).filter((name) => steering.test(name));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}
