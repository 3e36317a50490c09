import * as vscode from 'vscode';

/** A part with reasoning, in the answers and messages of language models. The typings do not have it. */
export interface ThinkingPart {
  readonly value: string | readonly string[];
  readonly id?: string | undefined;
  /** Comes back with the part in the next request, if the consumer keeps it. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** The editor takes its parts in answers, although the typings do not list them. */
type ThinkingPartClass = new (
  value: string,
  id?: string,
  metadata?: Readonly<Record<string, unknown>>,
) => ThinkingPart & vscode.LanguageModelResponsePart;

/** Undefined in an editor without the class. */
function thinkingPartClass(): ThinkingPartClass | undefined {
  const editor = vscode as typeof vscode & { readonly LanguageModelThinkingPart?: ThinkingPartClass };
  return editor.LanguageModelThinkingPart;
}

/** Every editor that has the class passes such parts on. */
export function thinkingPart(
  value: string,
  id?: string,
  metadata?: ThinkingPart['metadata'],
): vscode.LanguageModelResponsePart | undefined {
  const Thinking = thinkingPartClass();
  if (Thinking === undefined) return undefined;
  return new Thinking(value, id, metadata);
}

export function isThinkingPart(part: unknown): part is ThinkingPart {
  const Thinking = thinkingPartClass();
  return Thinking !== undefined && part instanceof Thinking;
}
