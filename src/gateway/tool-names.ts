/** The program behind a call of which nothing is known. */
export const otherCaller = 'other';

/** The tools that a token can be made for, with their names, by the ids that are stored. */
export const toolNames: ReadonlyMap<string, string> = new Map([
  ['claude', 'Claude Code'],
  ['codex', 'Codex'],
  ['opencode', 'opencode'],
  ['kilo', 'Kilo Code'],
  ['qwen', 'Qwen Code'],
  ['gemini', 'Gemini CLI'],
  ['cline', 'Cline'],
  ['cn', 'Continue'],
  ['copilot', 'Copilot CLI'],
  ['aider', 'aider'],
]);
