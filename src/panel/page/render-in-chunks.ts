import { AsyncDirective, directive } from 'lit/async-directive.js';

/** The number of rows that fit: below the charts in a large window, or in a scrolled table. */
const atFirst = 12;
/** The number of rows that a slow machine draws without delaying a key press. */
const aTurn = 40;

type Content = (shown: number) => unknown;

class RenderInChunks extends AsyncDirective {
  #shown = atFirst;
  #count = 0;
  #content: Content = () => undefined;
  #frame = 0;

  /** Visible rows stay, and new ones wait for their turn. */
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

  /** A frame's callbacks run before it is drawn, so the next turn waits for the frame after it. */
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

/** Renders the first of `count` rows at once, and the others after those were drawn. */
export const renderInChunks = directive(RenderInChunks);
