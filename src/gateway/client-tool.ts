import type { IncomingHttpHeaders } from 'node:http';
import { otherCaller } from './tool-names.ts';
import { toolStatuses, type ToolStatuses } from './tool-statuses.ts';

const measured: ReadonlyMap<string, ToolStatuses> = new Map(Object.entries(toolStatuses));

/** The programs that Callguard recognizes by the beginning of their user agent, in lower case. */
const callers: readonly (readonly [beginning: string, caller: string])[] = [
  ...[...measured].flatMap(([id, { userAgent }]) =>
    userAgent === undefined ? [] : [[userAgent.toLowerCase(), id] as const],
  ),
  ['claude-cli', 'claude'],
  ['codex', 'codex'],
  ['opencode', 'opencode'],
  ['kilo-code', 'kilo'],
  ['qwencode', 'qwen'],
  ['geminicli', 'gemini'],
  ['aider', 'aider'],
  ['anthropic', 'Anthropic'],
  ['asyncanthropic', 'Anthropic'],
  ['openai', 'OpenAI'],
  ['asyncopenai', 'OpenAI'],
  ['google-genai', 'Google'],
  ['ai-sdk', 'ai-sdk'],
  ['ai/', 'ai-sdk'],
  ['langchain', 'LangChain'],
  ['litellm', 'litellm'],
  ['curl', 'curl'],
  ['python', 'Python'],
  ['node', 'Node.js'],
];

/**
 * The program behind a call: the tool of its token, else one of a fixed list of user agents, else `other`. A client may
 * send any user agent, and usage is kept by caller.
 */
export function callerOf(tool: string | undefined, headers: IncomingHttpHeaders): string {
  if (tool !== undefined) return tool;
  const agent = headers['user-agent']?.toLowerCase() ?? '';
  return callers.find(([beginning]) => agent.startsWith(beginning))?.[1] ?? otherCaller;
}

/** What the client's tool does with a status. Undefined if it is not known, or was not measured. */
export function statusesOf(caller: string): ToolStatuses | undefined {
  return measured.get(caller);
}
