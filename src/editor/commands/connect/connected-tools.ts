import type { Memento } from 'vscode';
import * as z from 'zod';
import type { ConnectedSettings } from '../../../gateway/connect/connected-settings.ts';
import type { KnownFacts } from '../../../providers/pricing/model-facts.ts';
import { joinUndo } from '../../../gateway/connect/edit-settings.ts';
import type { IssuedToken } from '../../../gateway/tokens/tokens.ts';
import type { TerminalPorts } from '../guarded-terminal.ts';

export interface ConnectPorts extends TerminalPorts {
  readonly facts: Pick<KnownFacts, 'lookup'>;
  /** Holds what takes the settings of each tool back. None of it is secret. */
  readonly memory: Memento;
}

const memoryKey = 'callguard.connectedTools';

const connectedSchema = z.record(
  z.string(),
  z.object({
    file: z.string(),
    isNew: z.boolean(),
    undo: z.array(
      z.object({
        path: z.tuple([z.string()], z.string()),
        written: z.string(),
        before: z.unknown().optional(),
        parents: z.int(),
      }),
    ),
  }),
);

/** The settings that were written with each token, by its id. */
function connectedTools(memory: Memento): Readonly<Record<string, ConnectedSettings>> {
  const stored = connectedSchema.safeParse(memory.get(memoryKey));
  return stored.success ? stored.data : {};
}

export function settingsOf(memory: Memento, token: string): ConnectedSettings | undefined {
  return connectedTools(memory)[token];
}

/**
 * Remembers what was written with a token, and what was written with those that it replaces: a tool is connected until
 * its settings are taken back. `written`: absent if the settings stay as they are.
 */
export async function rememberTool(
  memory: Memento,
  { id, replaced }: Pick<IssuedToken, 'id' | 'replaced'>,
  written?: ConnectedSettings,
): Promise<void> {
  const tools = new Map(Object.entries(connectedTools(memory)));
  const before = replaced.map((other) => tools.get(other)).find((settings) => settings !== undefined);
  for (const other of replaced) tools.delete(other);
  const isAgain = before !== undefined && before.file === written?.file;
  const kept = isAgain ? { ...before, undo: joinUndo(before.undo, written.undo) } : (written ?? before);
  if (kept !== undefined) tools.set(id, kept);
  await memory.update(memoryKey, Object.fromEntries(tools));
}

export async function forgetTool(memory: Memento, token: string): Promise<void> {
  const { [token]: _, ...others } = connectedTools(memory);
  await memory.update(memoryKey, others);
}
