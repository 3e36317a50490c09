import type { Memento } from 'vscode';
import * as vscode from 'vscode';
import { ledgerTokens } from '../../gateway/tokens/ledger-tokens.ts';
import {
  TokenBook,
  type TokenGrant,
  type TokenRow,
  type TokenSettings,
} from '../../gateway/tokens/tokens.ts';
import type { Opened } from '../../ledger/ledger-opening.ts';
import type { LedgerStore } from '../../ledger/ledger-store.ts';
import { defaultTenant } from '../../providers/rules/tenants.ts';
import type { EditorSettings } from '../editor-settings.ts';
import type { Clock } from '../../shared/clock.ts';
import { askTokenSettings } from '../gateway/token-settings-input.ts';
import { tokenName } from '../gateway/token-name.ts';
import { TerminalOwners } from '../../gateway/tokens/terminal-owners.ts';
import { dateAndTime } from '../ui/display.ts';
import { GatewayTokenRow } from '../views/gateway-rows.ts';
import { agrees, showToCopy } from '../ui/modal.ts';
import { rememberTool, settingsOf } from './connect/connected-tools.ts';
import { removeToolOf } from './connect/remove-tool.ts';

interface TokenPorts {
  readonly ledger: Opened<LedgerStore>;
  readonly ledgerFile: string;
  readonly settings: EditorSettings;
  readonly clock: Clock;
  readonly memory: Memento;
}

/** Creates, lists and revokes tokens of the gateway. */
export async function gatewayTokens(ports: TokenPorts): Promise<void> {
  const book = await openBook(ports);
  const rows = await book.all();
  const chosen = await choose(rows);
  if (chosen?.revoke !== undefined) await revoke(ports, book, chosen.revoke);
  if (chosen?.issue === undefined) return;
  const grant = await grantFor(ports.settings, chosen.issue);
  if (grant === undefined) return;
  const settings = chosen.forTool === true ? await askTokenSettings(ports.clock.nowMs()) : {};
  if (settings !== undefined) await issue(ports, book, rows, grant, settings);
}

/** Revokes the token of a tree row, or the one that the user picks. */
export async function revokeGatewayToken(ports: TokenPorts, argument?: unknown): Promise<void> {
  const book = await openBook(ports);
  const items = (await book.all()).map(revocation);
  const chosen =
    argument instanceof GatewayTokenRow
      ? items.find(({ revoke: { id } }) => id === argument.token)
      : await vscode.window.showQuickPick(items, {
          placeHolder: vscode.l10n.t('Select a gateway token to revoke'),
          ignoreFocusOut: true,
        });
  if (chosen !== undefined) await revoke(ports, book, chosen.revoke);
}

async function openBook({ ledger, ledgerFile, clock }: TokenPorts): Promise<TokenBook> {
  const book = new TokenBook(ledgerTokens(await ledger), clock);
  const owners = new TerminalOwners(ledgerFile, clock);
  await book.revokeOrphans((process) => owners.isAlive(process));
  return book;
}

interface Choice {
  readonly issue?: TokenGrant['kind'];
  readonly forTool?: true;
  readonly revoke?: TokenRow;
}

function choose(rows: readonly TokenRow[]): Thenable<Choice | undefined> {
  const create = (label: string, detail: string, issue: TokenGrant['kind']) => ({
    label: `$(add) ${label}`,
    detail,
    issue,
  });
  const items: (vscode.QuickPickItem & Choice)[] = [
    create(
      vscode.l10n.t('New tenant token'),
      vscode.l10n.t('For tools. Allows calls, which are counted for the tenant.'),
      'calls',
    ),
    {
      ...create(
        vscode.l10n.t('New token for a tool'),
        vscode.l10n.t('As a tenant token, with a name, caps, models, and an expiry of its own.'),
        'calls',
      ),
      forTool: true,
    },
    create(
      vscode.l10n.t('New read-only token'),
      vscode.l10n.t('For Prometheus and dashboards. Allows status, metrics, and usage, but no calls.'),
      'readOnly',
    ),
    create(
      vscode.l10n.t('New management token'),
      vscode.l10n.t('Allows reading, testing providers, and asking you to set one up.'),
      'management',
    ),
    ...(rows.length === 0
      ? []
      : [{ label: vscode.l10n.t('Revoke'), kind: vscode.QuickPickItemKind.Separator }]),
    ...rows.map(revocation),
  ];
  return vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Gateway Tokens'),
    placeHolder: vscode.l10n.t('Create or revoke a token'),
    ignoreFocusOut: true,
  });
}

function revocation(row: TokenRow): vscode.QuickPickItem & { readonly revoke: TokenRow } {
  const description = vscode.l10n.t('since {0}', dateAndTime(row.createdMs));
  return { label: `$(trash) ${tokenName(row)}`, description, revoke: row };
}

async function grantFor(settings: EditorSettings, kind: TokenGrant['kind']): Promise<TokenGrant | undefined> {
  if (kind !== 'calls') return { kind };
  const { tenant, tenants } = settings.current;
  const other = vscode.l10n.t('Another tenant…');
  const names = [...new Set([tenant, defaultTenant, ...tenants])];
  const picked = await vscode.window.showQuickPick([...names, other], {
    title: vscode.l10n.t('New Tenant Token'),
    placeHolder: vscode.l10n.t('Select the tenant for calls with this token'),
    ignoreFocusOut: true,
  });
  if (picked !== other) return picked === undefined ? undefined : { kind, tenant: picked };
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('New Tenant Token'),
    prompt: vscode.l10n.t('The tenant name'),
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^[\w.@-]{1,64}$/.test(text.trim())
        ? undefined
        : vscode.l10n.t('Use up to 64 letters, digits, and the characters . _ @ -'),
  });
  return typed === undefined ? undefined : { kind, tenant: typed.trim() };
}

async function issue(
  { memory }: TokenPorts,
  book: TokenBook,
  rows: readonly TokenRow[],
  grant: TokenGrant,
  settings: TokenSettings,
): Promise<void> {
  const name = tokenName({ grant, settings });
  if (rows.some((row) => tokenName(row) === name) && !(await mayReplace(name))) return;
  const issued = await book.issue(grant, settings);
  await rememberTool(memory, issued);
  const note = vscode.l10n.t('Copy it now. It is not shown again, because Callguard stores only its hash.');
  await showToCopy(vscode.l10n.t('Token: {0}', name), `${issued.token}\n\n${note}`, issued.token);
}

async function mayReplace(name: string): Promise<boolean> {
  return agrees(
    vscode.l10n.t("Replace the token '{0}'?", name),
    vscode.l10n.t('Replace'),
    vscode.l10n.t('Requests that use the current token will be refused.'),
  );
}

async function revoke({ memory }: TokenPorts, book: TokenBook, row: TokenRow): Promise<void> {
  if (settingsOf(memory, row.id) !== undefined) {
    // Otherwise the tool would keep the address of a gateway that refuses it.
    await removeToolOf(row, book, memory);
    return;
  }
  const question = vscode.l10n.t("Revoke the token '{0}'?", tokenName(row));
  const detail = vscode.l10n.t('Requests that use it will be refused in all windows.');
  if (await agrees(question, vscode.l10n.t('Revoke'), detail)) await book.revoke(row.id);
}
