import { noonZone } from '../noon-zone.ts';

/** What VS Code has of its environment in the tests, whoever runs them, and whenever. */
export const testEnvironment: Readonly<Record<string, string | undefined>> = {
  // Of a person who uses Callguard: a test that wants a master key gives its own.
  LLM_ENV: undefined,
  LLM_SECRET_KEY: undefined,
  LLM_PREVIOUS_KEYS: undefined,
  // Calls are counted by the days of the machine's zone.
  TZ: noonZone,
};
