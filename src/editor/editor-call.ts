import { randomUUID } from 'node:crypto';
import type { Call, FrontDoor, Prompt } from '../guard/call.ts';
import type { ResolvedModel } from '../providers/rules/routes.ts';
import type { EditorSettings } from './editor-settings.ts';

/** A call of this window: on the account of its tenant, to the targets of a model or route. */
export function callFor(
  settings: EditorSettings,
  frontDoor: FrontDoor,
  model: ResolvedModel,
  prompt: Prompt,
  signal: AbortSignal,
  caller?: string,
): Call {
  return {
    id: randomUUID(),
    frontDoor,
    source: 'editor',
    ...(caller === undefined ? {} : { caller }),
    tenant: settings.current.tenant,
    ...model,
    prompt,
    signal,
    idempotent: true,
  };
}
