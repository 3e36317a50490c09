import type { UsagePanels } from '../usage-panel/usage-panels.ts';

/** Shows usage against the caps and over time. */
export async function showUsage({ usagePanels }: { readonly usagePanels: UsagePanels }): Promise<void> {
  await usagePanels.show();
}
