import type { Memento } from 'vscode';
import * as z from 'zod';
import type { ConnectedSettings } from '../../../gateway/connect/connected-settings.ts';
import type { KnownFacts } from '../../../providers/pricing/model-facts.ts';
import type { Clock } from '../../../shared/clock.ts';
import type { EditorSettings } from '../../editor-settings.ts';
import type { GatewayPorts } from '../start-stop-gateway.ts';

export interface ConnectPorts extends GatewayPorts {
  readonly settings: EditorSettings;
  readonly facts: Pick<KnownFacts, 'lookup'>;
  readonly clock: Clock;
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

export async function rememberTool(
  memory: Memento,
  token: string,
  settings: ConnectedSettings,
): Promise<void> {
  await memory.update(memoryKey, { ...connectedTools(memory), [token]: settings });
}

export async function forgetTool(memory: Memento, token: string): Promise<void> {
  const { [token]: _, ...others } = connectedTools(memory);
  await memory.update(memoryKey, others);
}
