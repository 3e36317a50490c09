import { placed, type Wording } from '../../shared/l10n.ts';

/** `callguard.promptSecrets`: what happens to a prompt that contains a secret. */
const promptSecretModes = ['off', 'warn', 'redact', 'block'] as const;

export type PromptSecretMode = (typeof promptSecretModes)[number];

/** Reads `callguard.promptSecrets`. An invalid value blocks, because the user wanted protection. */
export function parsePromptSecrets(setting: unknown): { mode: PromptSecretMode; problems: Wording[] } {
  const written = setting ?? 'warn';
  const mode = promptSecretModes.find((known) => known === written);
  if (mode !== undefined) return { mode, problems: [] };
  const problem = placed('callguard.promptSecrets', (l10n) =>
    l10n.t(
      'must be one of {0}; until you fix it, prompts with secrets are blocked',
      promptSecretModes.join(', '),
    ),
  );
  return { mode: 'block', problems: [problem] };
}
