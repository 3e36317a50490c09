import * as vscode from 'vscode';
import { tokenCapKinds, type TokenCapKind, type TokenSettings } from '../../gateway/tokens/tokens.ts';
import { toolNames } from '../../gateway/tool-names.ts';
import { describeLimit } from '../../guard/refusal.ts';
import { patternsSchema } from '../../providers/config/provider-entry.ts';
import { settingsLimits } from '../../shared/limits.ts';
import { dateAndTime, display } from '../ui/display.ts';

const microUsd = 1_000_000;
const dayMs = 86_400_000;

interface Field extends vscode.QuickPickItem {
  /** The settings after the user has changed the field. Undefined to leave them as they are. */
  readonly edit?: (settings: TokenSettings) => Promise<TokenSettings | undefined>;
}

/** Asks for what a token has besides its tenant. Undefined if the user cancels. */
export async function askTokenSettings(nowMs: number): Promise<TokenSettings | undefined> {
  let settings: TokenSettings = {};
  for (;;) {
    const picked = await vscode.window.showQuickPick(fieldsOf(settings, nowMs), {
      title: vscode.l10n.t('New Token for a Tool'),
      placeHolder: vscode.l10n.t('Change what the token may do, or create it'),
      ignoreFocusOut: true,
    });
    if (picked === undefined) return undefined;
    if (picked.edit === undefined) return settings;
    settings = (await picked.edit(settings)) ?? settings;
  }
}

function fieldsOf(settings: TokenSettings, nowMs: number): Field[] {
  const { name, tool, caps = {}, models = [], expiresMs } = settings;
  const none = vscode.l10n.t('no limit');
  const capField = (kind: TokenCapKind, label: string): Field => {
    const limit = caps[kind];
    const scope = {};
    return {
      label,
      description: limit === undefined ? none : describeLimit({ scope, kind, limit }, display),
      edit: async (before) => {
        const typed = await ask(label, limit === undefined ? '' : shownCap(kind, limit), capProblem);
        if (typed === undefined) return undefined;
        const value = typed === '' ? undefined : Number(typed) * (kind === 'usdPerDay' ? microUsd : 1);
        return { ...before, caps: { ...before.caps, [kind]: value && Math.round(value) } };
      },
    };
  };
  const labels: Record<TokenCapKind, string> = {
    requestsPerDay: vscode.l10n.t('Requests a day'),
    tokensPerDay: vscode.l10n.t('Tokens a day'),
    usdPerDay: vscode.l10n.t('US dollars a day'),
  };
  return [
    { label: `$(add) ${vscode.l10n.t('Create Token')}` },
    {
      label: vscode.l10n.t('Name'),
      description: name ?? '',
      edit: async (before) => {
        const typed = await ask(vscode.l10n.t('Name'), name ?? '', nameProblem);
        return typed === undefined ? undefined : { ...before, name: typed === '' ? undefined : typed };
      },
    },
    {
      label: vscode.l10n.t('Tool'),
      description: tool === undefined ? vscode.l10n.t('another tool') : (toolNames.get(tool) ?? tool),
      edit: async (before) => {
        const items = [...toolNames].map(([id, label]) => ({ label, id }));
        const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Tool') });
        return chosen && { ...before, tool: chosen.id, name: before.name ?? chosen.label };
      },
    },
    ...tokenCapKinds.map((kind) => capField(kind, labels[kind])),
    {
      label: vscode.l10n.t('Models'),
      description: models.length === 0 ? vscode.l10n.t('all models') : models.join(', '),
      edit: async (before) => {
        const typed = await ask(
          vscode.l10n.t('Models, separated by commas'),
          models.join(', '),
          modelsProblem,
        );
        return typed === undefined ? undefined : { ...before, models: listOf(typed) };
      },
    },
    {
      label: vscode.l10n.t('Expires'),
      description: expiresMs === undefined ? vscode.l10n.t('never') : dateAndTime(expiresMs),
      edit: async (before) => {
        const typed = await ask(vscode.l10n.t('Days until it expires'), '', daysProblem);
        if (typed === undefined) return undefined;
        return { ...before, expiresMs: typed === '' ? undefined : nowMs + Number(typed) * dayMs };
      },
    },
  ];
}

async function ask(
  prompt: string,
  value: string,
  problem: (text: string) => string | undefined,
): Promise<string | undefined> {
  const typed = await vscode.window.showInputBox({
    ...{ prompt, value, ignoreFocusOut: true },
    title: vscode.l10n.t('New Token for a Tool'),
    placeHolder: vscode.l10n.t('Leave it empty for none'),
    validateInput: (text) => (text.trim() === '' ? undefined : problem(text.trim())),
  });
  return typed?.trim();
}

function shownCap(kind: TokenCapKind, limit: number): string {
  return String(kind === 'usdPerDay' ? limit / microUsd : limit);
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '');
}

function nameProblem(text: string): string | undefined {
  return text.length <= settingsLimits.idChars
    ? undefined
    : vscode.l10n.t('Use at most {0} characters', settingsLimits.idChars);
}

function capProblem(text: string): string | undefined {
  const value = Number(text);
  return value >= 0 && value <= settingsLimits.usd ? undefined : vscode.l10n.t('Enter a number');
}

function daysProblem(text: string): string | undefined {
  return /^[1-9]\d{0,3}$/.test(text) ? undefined : vscode.l10n.t('Enter a number of days');
}

function modelsProblem(text: string): string | undefined {
  const isReadable = patternsSchema.safeParse(listOf(text)).success;
  return isReadable ? undefined : vscode.l10n.t("Enter model IDs, with '*' for any characters");
}
