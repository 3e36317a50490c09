/** The tools that a token can be made for, with their names, by the ids that are stored. */
export const toolNames: ReadonlyMap<string, string> = new Map([
  ['claude-code', 'Claude Code'],
  ['codex', 'Codex'],
  ['opencode', 'opencode'],
  ['kilo', 'Kilo Code'],
  ['qwen-code', 'Qwen Code'],
  ['gemini-cli', 'Gemini CLI'],
  ['cline', 'Cline'],
  ['continue', 'Continue'],
  ['copilot', 'Copilot CLI'],
  ['aider', 'aider'],
]);
