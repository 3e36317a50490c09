import { AsyncDirective, directive } from 'lit/async-directive.js';

/** As many rows as there is room for: below the charts in a large window, or in a scrolled table. */
const atFirst = 12;
/** As many as a slow machine draws without keeping a key that was pressed waiting. */
const aTurn = 40;

type Content = (shown: number) => unknown;

class InTurns extends AsyncDirective {
  #shown = atFirst;
  #count = 0;
  #content: Content = () => undefined;
  #frame = 0;

  /** What is shown already stays, and what is new waits for its turn. */
  override render(count: number, content: Content): unknown {
    this.#count = count;
    this.#content = content;
    this.#shown = Math.max(atFirst, Math.min(this.#shown, count));
    this.#goOn();
    return content(this.#shown);
  }

  protected override disconnected(): void {
    cancelAnimationFrame(this.#frame);
  }

  protected override reconnected(): void {
    this.#goOn();
  }

  /** A frame's callbacks come before it is drawn, so the next turn waits for the frame after it. */
  #goOn(): void {
    cancelAnimationFrame(this.#frame);
    if (this.#shown >= this.#count) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = requestAnimationFrame(() => {
        this.#shown += aTurn;
        this.setValue(this.#content(this.#shown));
        this.#goOn();
      });
    });
  }
}

/** Of `count` rows the first ones at once, and the others after those were seen. */
export const inTurns = directive(InTurns);
