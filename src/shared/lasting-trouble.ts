/** A trouble that lasts is told once: until it is over, or another one takes its place. */
export class LastingTrouble {
  #reported: string | undefined;

  /** Whether it is to be told; from then on it is told. */
  isNews(trouble: string): boolean {
    const isNews = trouble !== this.#reported;
    this.#reported = trouble;
    return isNews;
  }

  over(): void {
    this.#reported = undefined;
  }
}
