/** Remembers what was reported, so that each state is reported once until it is over. */
export class ReportedStates {
  #reported = new Set<string>();

  /** Whether this state is news. From now on it counts as reported. */
  isNews(state: string): boolean {
    const isNews = !this.#reported.has(state);
    this.#reported.add(state);
    return isNews;
  }

  /** When the state comes back, it is news again. */
  over(state: string): void {
    this.#reported.delete(state);
  }

  /** These are all the states now, and all others are over. Returns those that are news. */
  update(states: Iterable<string>): string[] {
    const now = new Set(states);
    const news = [...now].filter((state) => !this.#reported.has(state));
    this.#reported = now;
    return news;
  }
}
