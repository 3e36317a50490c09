import type { UsagePanels } from '../usage-panel/usage-panels.ts';

/** What was used, against the caps and over time. */
export async function showUsage({ usagePanels }: { readonly usagePanels: UsagePanels }): Promise<void> {
  await usagePanels.show();
}
