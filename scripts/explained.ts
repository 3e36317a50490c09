import process from 'node:process';

/** A failure whose message is the one sentence a person needs. It is shown without a stack. */
export class Explained extends Error {
  override readonly name = 'Explained';
}

export function describeFailure(failure: unknown): string {
  if (failure instanceof Explained) return failure.message;
  return failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
}

/** Runs a script's main function; a failure is printed and becomes the exit code 1. */
export async function runMain(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (failure) {
    console.error(describeFailure(failure));
    process.exitCode = 1;
  }
}
