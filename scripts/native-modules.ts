import path from 'node:path';
import process from 'node:process';
import { Explained } from './explained.ts';
import { run } from './run.ts';

// As node-gyp says it of make, and a shell or make itself of the compiler.
const noCompiler =
  /not found: (make|g\+\+|gcc|cc|c\+\+)|(make|g\+\+|gcc|cc|c\+\+): ((command )?not found|no such file)|no developer tools|xcode-select/i;
const noPython = /Could not find any Python installation/;

/**
 * Compiles a package's native module for the Node that runs this script.
 *
 * @param nodeGyp node-gyp's script
 * @param headers a folder with Node's headers under `include/node`
 */
export async function compileNativeModule(folder: string, nodeGyp: string, headers: string): Promise<void> {
  const { code, output } = await run(process.execPath, [nodeGyp, 'rebuild', '--nodedir', headers], {
    cwd: folder,
    // node-gyp lets the environment, and so a user's npm configuration, win over its arguments. What goes wrong is
    // to be said in English, by which it is known below.
    env: { npm_config_nodedir: headers, npm_config_jobs: 'max', LC_ALL: 'C' },
  });
  if (code !== 0) throw new Explained(whyNotCompiled(path.basename(folder), output));
}

/** What to do about a failure of node-gyp's. */
export function whyNotCompiled(name: string, output: string): string {
  if (noCompiler.test(output)) {
    return `The VS Code server's ${name} has to be compiled, but there is no C++ compiler. Install g++ and make (Debian: build-essential; macOS: xcode-select --install), or use \`npm start -- --desktop\`.`;
  }
  if (noPython.test(output)) {
    return `The VS Code server's ${name} has to be compiled, but there is no Python. Install python3, or use \`npm start -- --desktop\`.`;
  }
  return `The VS Code server's ${name} could not be compiled:\n${output.trimEnd()}`;
}
