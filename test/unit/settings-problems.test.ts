import assert from 'node:assert/strict';
import { parseBodySize } from '../../src/gateway/http/body-size.ts';
import { parseGatewayPort } from '../../src/gateway/port-setting.ts';
import { parseLedgerFolder } from '../../src/ledger/ledger-files.ts';
import { parseLedgerSettings, parseTimeZone } from '../../src/ledger/ledger-settings.ts';
import { parseStatusItems } from '../../src/observe/status-line.ts';
import { parseTextfilePath } from '../../src/observe/metrics/textfile-path.ts';
import { deniedModels, deniedTargets } from '../../src/providers/rules/policy-problems.ts';
import { parsePromptSecrets } from '../../src/providers/prompt-check/prompt-secrets-setting.ts';
import { parseDefaultModel, parseRoutes } from '../../src/providers/rules/routes.ts';
import {
  parseLimitRules,
  parseWorkspaceLimits,
  parseWorkspaceModels,
} from '../../src/providers/rules/rulebook.ts';
import { parseProviders } from '../../src/providers/config/provider-config.ts';
import { parseTenants } from '../../src/providers/rules/tenants.ts';
import type { Wording } from '../../src/shared/l10n.ts';
import { parseRequiredKey } from '../../src/vault/key-ring.ts';
import { inEnglish, mute } from '../support/languages.ts';

const machine = { home: '/home/me', platform: 'linux' } as const;
const denying = { kind: 'openai', models: { list: ['big'], deny: ['big'] } };
const { usable } = parseProviders({ acme: denying });
const { routes } = parseRoutes({ fast: ['acme/big'] });
const denied = "acme/big is denied by the pattern 'big' in the provider's models.deny.";

/** What is wrong with one setting, where, how it is said in English, and what of that is no language's. */
const cases: readonly [problems: readonly Wording[], place: string, words: string, values?: string][] = [
  [parseLimitRules(7).problems, 'callguard.limits', 'must be a list of rules'],
  [
    parseLimitRules([{}, { requestsPerHour: 1 }]).problems,
    'callguard.limits.1',
    'unknown property requestsPerHour',
    'requestsPerHour',
  ],
  [
    parseLimitRules([{ requestsPerDay: -1 }]).problems,
    'callguard.limits.0.requestsPerDay',
    'must be at least 0',
    '0',
  ],
  [
    parseWorkspaceLimits([{ tokensPerDay: 'many' }]).problems,
    'callguard.workspace.limits.tokensPerDay',
    'must be a number',
  ],
  [
    parseWorkspaceModels(['gpt-5']).problems,
    'callguard.workspace.models',
    'must be a list of model ids; until you fix it, no model is allowed',
  ],
  [parseRoutes([]).problems, 'callguard.routes', 'must be an object with a list of models for each route'],
  [
    parseRoutes({ 'a b': ['acme/x'] }).problems,
    'callguard.routes.a b',
    "a route name must have 1 to 63 letters, digits, '.', '_' or '-', and begin with a letter or digit",
  ],
  ...[[], 'acme/x', [7]].map((list): (typeof cases)[number] => [
    parseRoutes({ fast: list }).problems,
    'callguard.routes.fast',
    "must be a list of at least one 'provider/model'",
  ]),
  [
    parseRoutes({ fast: ['acme'] }).problems,
    'callguard.routes.fast',
    "must list models as 'provider/model', not 'acme'",
    'acme',
  ],
  [
    parseTenants(7, machine).problems,
    'callguard.tenants',
    'must be an object with a list of folders for each tenant',
  ],
  [
    parseTenants({ '': ['/a'] }, machine).problems,
    'callguard.tenants',
    'must not contain an empty tenant name',
  ],
  [
    parseTenants({ work: [] }, machine).problems,
    'callguard.tenants.work',
    "must be a list of at least one folder, such as '~/clients/*'",
    '~/clients/*',
  ],
  [
    parseTimeZone('Mars/Olympus').problems,
    'callguard.timeZone',
    'must be a time zone such as Europe/Berlin; using the system time zone',
    'Europe/Berlin',
  ],
  [
    parseLedgerSettings({ usageDays: 30 }).problems,
    'callguard.ledger.usageDays',
    'must be at least 31; using the defaults',
    '31',
  ],
  [
    parseLedgerFolder('ledger', '/').problems,
    'callguard.ledgerFolder',
    'must be the absolute path of a folder; using the default folder',
  ],
  [
    parseRequiredKey('yes').problems,
    'callguard.vault.requireEnvironmentKey',
    'must be true or false; using true',
  ],
  [
    parseStatusItems(['money']).problems,
    'callguard.statusBar',
    'must be a list of any of these: health, requests, tokens, cost',
    'health, requests, tokens, cost',
  ],
  [parseTextfilePath(7, '/').problems, 'callguard.metrics.textfile', 'must be a path'],
  [
    parseTextfilePath('a.prom', '/').problems,
    'callguard.metrics.textfile',
    "must be an absolute path, not 'a.prom'",
    'a.prom',
  ],
  [parseTextfilePath('/a.txt', '/').problems, 'callguard.metrics.textfile', 'must end with .prom', '.prom'],
  [
    parseGatewayPort(80).problems,
    'callguard.gateway.port',
    'must be a port between 1024 and 65535; using 22557',
    '1024 65535 22557',
  ],
  [
    parseBodySize(65).problems,
    'callguard.gateway.maxBodyMiB',
    'must be a whole number from 1 to 64; using 32',
    '1 64 32',
  ],
  [
    parseDefaultModel('dear', routes).problems,
    'callguard.defaultModel',
    `must be 'provider/model' or the name of a route, not "dear"`,
    '"dear"',
  ],
  [
    parsePromptSecrets('ask').problems,
    'callguard.promptSecrets',
    'must be one of off, warn, redact, block; until you fix it, prompts with secrets are blocked',
    'off, warn, redact, block',
  ],
  [[...usable.values()].flatMap(deniedModels), 'acme.models.list', denied, 'acme/big big'],
  [deniedTargets(routes, usable), 'callguard.routes.fast', denied, 'acme/big big'],
];

describe('what is wrong with a setting', () => {
  for (const [problems, place, words, values = ''] of cases) {
    it(`is said in the language of the person: ${words} (${place})`, () => {
      assert.deepEqual(inEnglish(problems), [`${place}: ${words}`]);
      assert.deepEqual(
        problems.map((problem) => problem(mute)),
        [`${place}: ${values}`],
      );
    });
  }
});
