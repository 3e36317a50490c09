// Callguard's gateway without VS Code: `npm run headless -- --settings FILE --home DIR [--port N] [--tool ID]…`.
import process from 'node:process';
import { parseArgs } from 'node:util';
import { composeCore, type Core } from '../src/compose-core.ts';
import { ledgerTokens } from '../src/gateway/tokens/ledger-tokens.ts';
import { describeStoredProblem } from '../src/gateway/start-problem.ts';
import { toolNames } from '../src/gateway/tool-names.ts';
import { TokenBook, type TokenGrant, type TokenSettings } from '../src/gateway/tokens/tokens.ts';
import { sealKeys, sharedVariable, takeEnvironment } from '../src/headless/environment-keys.ts';
import { FileSettings } from '../src/headless/file-settings.ts';
import { takeHome } from '../src/headless/home-folder.ts';
import { defaultTenant } from '../src/providers/rules/tenants.ts';
import { DisposableStore } from '../src/shared/disposable.ts';
import { english } from '../src/shared/l10n.ts';
import type { Result } from '../src/shared/result.ts';
import { describeVaultRefusal } from '../src/vault/vault-refusal.ts';
import { Explained, runMain } from './explained.ts';
import { parsePort } from './port.ts';
import { unattended } from './unattended.ts';

interface Arguments {
  readonly settingsFile: string;
  readonly home: string;
  /** Undefined for the port of the settings, 0 for any free one. */
  readonly port: number | undefined;
  /** The ids of the tools that get a token of their own. */
  readonly tools: readonly string[];
}

const usage = 'Usage: npm run headless -- --settings FILE --home DIR [--port N] [--tool ID]…';

await runMain(async () => {
  // Before the start, so that a signal during it is not lost.
  const stopped = stopSignal();
  const { settingsFile, home, port, tools } = readArguments();
  const { keys, masterKeys } = takeEnvironment(process.env);
  const owned = new DisposableStore();
  try {
    const settings = owned.add(valueOf(FileSettings.open(settingsFile, port)));
    const { providers } = settings.current;
    const shared = sharedVariable(providers);
    if (shared !== undefined) throw new Explained(shared);
    owned.add(valueOf(await takeHome(home)));
    const core = owned.add(composeCore({ ...unattended(), home, env: masterKeys, settings }));
    try {
      const masterKeyProblem = await core.vault.masterKeyProblem();
      if (masterKeyProblem !== undefined) throw new Explained(describeVaultRefusal(masterKeyProblem).message);
      await opened(core);
      valueOf(await sealKeys(keys, providers, core.vault, core.log));
      const served = await startGateway(core);
      console.log(JSON.stringify({ port: served, tokens: await issueTokens(core, tools) }));
      await stopped;
    } finally {
      await core.shutDown();
    }
  } finally {
    owned.dispose();
  }
});

/** The log has the error itself. */
async function opened({ ledger }: Core): Promise<void> {
  await ledger.catch((error: unknown) => {
    throw new Explained('The ledger could not be opened.', { cause: error });
  });
}

async function startGateway({ gateway }: Core): Promise<number> {
  const state = await (await gateway).start();
  if (state.kind === 'serving') return state.port;
  const why = state.kind === 'failing' ? describeStoredProblem(state.problem, english) : 'See the log.';
  throw new Explained(`The gateway could not start. ${why}`);
}

/** As in the editor, a tool's token is a tenant token that names the tool. */
async function issueTokens({ ledger, clock }: Core, tools: readonly string[]) {
  const book = new TokenBook(ledgerTokens(await ledger), clock);
  const issue = async (grant: TokenGrant, settings?: TokenSettings) =>
    (await book.issue(grant, settings)).token;
  const calls: TokenGrant = { kind: 'calls', tenant: defaultTenant };
  const ofTools: Record<string, string> = {};
  for (const tool of tools) ofTools[tool] = await issue(calls, { name: toolNames.get(tool), tool });
  return {
    calls: await issue(calls),
    readOnly: await issue({ kind: 'readOnly' }),
    management: await issue({ kind: 'management' }),
    ...(tools.length === 0 ? {} : { tools: ofTools }),
  };
}

function readArguments(): Arguments {
  try {
    const { values } = parseArgs({
      options: {
        ...{ settings: { type: 'string' }, home: { type: 'string' }, port: { type: 'string' } },
        tool: { type: 'string', multiple: true },
      },
    });
    const { settings: settingsFile = '', home = '', port, tool: tools = [] } = values;
    if (settingsFile === '' || home === '') throw new Explained(usage);
    const unknown = tools.find((tool) => !toolNames.has(tool));
    if (unknown !== undefined) {
      throw new Explained(
        `'${unknown}' is not a known tool. Choose from ${[...toolNames.keys()].join(', ')}.`,
      );
    }
    return { settingsFile, home, port: port === undefined ? undefined : parsePort(port, 0), tools };
  } catch (failure) {
    if (failure instanceof TypeError) throw new Explained(`${failure.message}\n${usage}`, { cause: failure });
    throw failure;
  }
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      resolve();
    };
    process.once('SIGTERM', stop).once('SIGINT', stop);
  });
}

function valueOf<T>(result: Result<T, string>): T {
  if (!result.ok) throw new Explained(result.error);
  return result.value;
}
