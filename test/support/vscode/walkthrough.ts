import { readAll } from './page-element.ts';
import { until } from './until.ts';
import type { Window } from './window.ts';

/** Opens Callguard's walkthrough, or brings it to the front. */
export async function openWalkthrough(window: Window): Promise<void> {
  await window.runCommand('Welcome: Open Walkthrough...');
  await window.quickInput.waitForPlaceholder('Select a walkthrough');
  await window.quickInput.pick('Get Started with Callguard');
  await window.page.locator(`${steps}[data-step-id$="#connect"]`).waitFor();
}

/** Waits until just these steps of the walkthrough are complete. */
export async function completedSteps(window: Window, expected: readonly string[]): Promise<void> {
  await openWalkthrough(window);
  await until(
    `the steps ${expected.join(', ') || '(none)'} to be complete, and no other`,
    () =>
      readAll(window.page.locator(steps), (elements) =>
        elements
          .filter((element) => element.querySelector('.codicon.complete') !== null)
          .map((element) => element.getAttribute('data-step-id')?.split('#').at(-1) ?? ''),
      ),
    (complete) => complete.join() === expected.join(),
  );
}

const steps = '.gettingStartedContainer .getting-started-step';
