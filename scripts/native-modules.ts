import path from 'node:path';
import process from 'node:process';
import { Explained } from './explained.ts';
import { run } from './run.ts';

const noCompiler =
  /not found: (make|g\+\+|gcc|cc|c\+\+)|(make|g\+\+|gcc|cc|c\+\+): (command )?not found|no developer tools|xcode-select/i;
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
    // node-gyp lets the environment, and so a user's npm configuration, win over its arguments.
    env: { npm_config_nodedir: headers, npm_config_jobs: 'max' },
  });
  if (code === 0) return;
  const name = path.basename(folder);
  if (noCompiler.test(output)) {
    throw new Explained(
      `There is no C++ compiler, and the VS Code server's ${name} has to be compiled: install g++ and make (Debian: build-essential; macOS: xcode-select --install), or use \`npm start -- --desktop\`.`,
    );
  }
  if (noPython.test(output)) {
    throw new Explained(
      `There is no Python, and compiling the VS Code server's ${name} needs it: install python3, or use \`npm start -- --desktop\`.`,
    );
  }
  throw new Explained(`The VS Code server's ${name} could not be compiled:\n${output.trimEnd()}`);
}
