import type { TestEvent } from '../test/support/test-events.ts';

const slowMs = 5000;
const slowestShown = 10;

/** Counts and prints what the phases report. */
export class Tally {
  private passed = 0;
  private skipped = 0;
  private readonly failures: string[] = [];
  private readonly slow: { title: string; ms: number }[] = [];

  add(phase: string, event: TestEvent): void {
    switch (event.kind) {
      case 'passed':
        this.passed++;
        if (event.ms > slowMs) this.slow.push({ title: `${phase}: ${event.title}`, ms: event.ms });
        console.log(`  ✓ ${event.title}${event.ms > 100 ? ` (${Math.round(event.ms)} ms)` : ''}`);
        return;
      case 'skipped':
        this.skipped++;
        console.log(`  - ${event.title}: skipped, because ${event.reason}`);
        return;
      case 'failed':
        this.failures.push(`${phase}: ${event.title}`);
        console.log(`  ✗ ${event.title}\n${event.details.replaceAll(/^/gm, '      ')}`);
        return;
      case 'ended':
        return;
    }
  }

  get total(): number {
    return this.passed + this.skipped + this.failures.length;
  }

  /** Names the slowest tests, the failures once more, and the counts as the last line. Returns whether all is well. */
  close(): boolean {
    const slowest = this.slow.sort((a, b) => b.ms - a.ms).slice(0, slowestShown);
    if (slowest.length > 0) console.log('\nSlowest tests:');
    for (const { title, ms } of slowest) console.log(`  ${(ms / 1000).toFixed(1).padStart(5)} s  ${title}`);
    if (this.failures.length > 0) console.log('\nFailed tests (details above):');
    for (const title of this.failures) console.log(`  ✗ ${title}`);
    if (this.total === 0) console.log('\nNo test ran.');
    const skips = this.skipped > 0 ? `, ${this.skipped} skipped` : '';
    console.log(`\n${this.passed} passed, ${this.failures.length} failed${skips}`);
    return this.failures.length === 0 && this.total > 0;
  }
}
