import { colorOf, edgeOf, fillOf } from './paint.ts';
import { onThemeChange } from './palette.ts';

const sizePx = 10;

/** A sample of a series' fill for legends. `series` is its number. */
class UsageSwatch extends HTMLElement {
  #canvas = document.createElement('canvas');
  #series = 0;
  #shape: 'bars' | 'lines' = 'bars';
  #away = new AbortController();

  set series(series: number) {
    this.#series = series;
    this.#paint();
  }

  set shape(shape: 'bars' | 'lines') {
    this.#shape = shape;
    this.#paint();
  }

  connectedCallback(): void {
    this.#away = new AbortController();
    this.setAttribute('aria-hidden', 'true');
    if (!this.contains(this.#canvas)) this.append(this.#canvas);
    onThemeChange(() => {
      this.#paint();
    }, this.#away.signal);
    this.#paint();
  }

  disconnectedCallback(): void {
    this.#away.abort();
  }

  #paint(): void {
    const ratio = devicePixelRatio;
    this.#canvas.width = this.#canvas.height = sizePx * ratio;
    const context = this.#canvas.getContext('2d');
    if (context === null) return;
    context.scale(ratio, ratio);
    if (this.#shape === 'lines') {
      context.strokeStyle = colorOf(this.#series);
      context.lineWidth = 2;
      context.setLineDash(this.#series === 0 ? [] : [3, 2]);
      context.beginPath();
      context.moveTo(0, sizePx / 2);
      context.lineTo(sizePx, sizePx / 2);
      context.stroke();
      return;
    }
    context.fillStyle = fillOf(this.#series);
    context.fillRect(0, 0, sizePx, sizePx);
    context.strokeStyle = edgeOf(this.#series);
    context.strokeRect(0.5, 0.5, sizePx - 1, sizePx - 1);
  }
}

customElements.define('usage-swatch', UsageSwatch);
