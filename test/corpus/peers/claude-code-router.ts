import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installPackages } from '../../../scripts/npm-install.ts';
import { inCache } from '../../../scripts/paths.ts';
import { runOrThrow } from '../../../scripts/run.ts';
import { freePort } from '../../support/free-port.ts';
import { startProgram, type Peer } from './peer.ts';

const version = '3.1.1';
const folder = inCache('corpus-peers', `claude-code-router-${version}`);
const program = path.join(folder, 'package');
const token = 'sk-corpus';

export const claudeCodeRouter: Peer = {
  name: 'claude-code-router',
  start: async (upstream) => {
    await fetchProgram();
    const [port, managementPort] = [await freePort(), await freePort()];
    const home = await writeHome(upstream, port);
    const removeHome = () => rm(home, { recursive: true, force: true });
    let stopProgram: () => Promise<void>;
    try {
      stopProgram = await startProgram({
        args: ['dist/main/cli.js', 'serve', '--no-open', `--port=${managementPort}`],
        cwd: program,
        env: { HOME: home, USERPROFILE: home, APPDATA: home, XDG_CONFIG_HOME: path.join(home, '.config') },
        port,
      });
    } catch (failure) {
      await removeHome();
      throw failure;
    }
    const url = `http://127.0.0.1:${port}`;
    const addresses = {
      'openai-chat': { url, token, model: 'chat/m' },
      'anthropic-messages': { url, token, model: 'claude/m' },
    };
    return {
      addresses,
      stop: async () => {
        await stopProgram();
        await removeHome();
      },
    };
  },
};

/** `npm install` fails: two packages that it names do not exist. Its tarball has their content in it. */
async function fetchProgram(): Promise<void> {
  if (existsSync(path.join(program, 'node_modules'))) return;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await installPackages(folder, ['node-forge@1.4.0', 'undici@7.29.0']);
  await runOrThrow('npm', ['pack', '--silent', `@musistudio/claude-code-router@${version}`], { cwd: folder });
  await runOrThrow('tar', ['-xzf', `musistudio-claude-code-router-${version}.tgz`], { cwd: folder });
  // Its own SQLite package has to be compiled or downloaded by a script. The one of Node.js does what it needs.
  const sqlite = path.join(folder, 'node_modules', 'better-sqlite3');
  await mkdir(sqlite);
  await writeFile(path.join(sqlite, 'package.json'), '{ "name": "better-sqlite3", "main": "index.cjs" }\n');
  const standIn = path.join(import.meta.dirname, 'sqlite-stand-in.ts');
  const entry = `module.exports = require(${JSON.stringify(standIn)}).Database;\n`;
  await writeFile(path.join(sqlite, 'index.cjs'), entry);
  await cp(path.join(folder, 'node_modules'), path.join(program, 'node_modules'), { recursive: true });
}

/** It writes settings of other tools into the home folder, so it gets one of its own, new for each run. */
async function writeHome(upstream: string, port: number): Promise<string> {
  const home = await mkdtemp(path.join(tmpdir(), 'callguard-corpus-'));
  const settings = path.join(home, '.claude-code-router');
  await mkdir(settings, { recursive: true });
  const provider = { api_key: token, models: ['m'] };
  const content = {
    HOST: '127.0.0.1',
    PORT: port,
    APIKEY: token,
    Providers: [
      { ...provider, name: 'chat', type: 'openai_chat_completions', api_base_url: `${upstream}/v1` },
      { ...provider, name: 'claude', type: 'anthropic_messages', api_base_url: upstream },
    ],
    Router: { default: 'chat/m' },
  };
  await writeFile(path.join(settings, 'config.json'), JSON.stringify(content));
  return home;
}
