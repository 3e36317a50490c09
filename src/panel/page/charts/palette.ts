/** The theme's colours, for canvas drawings, which cannot use the theme's variables. */
export interface Palette {
  readonly series: readonly string[];
  readonly text: string;
  readonly grid: string;
  readonly background: string;
  readonly font: string;
  /** In high contrast, series also differ by pattern. */
  readonly patterned: boolean;
}

const seriesColors = ['blue', 'green', 'purple', 'orange', 'yellow', 'red'].map(
  (name) => `--vscode-charts-${name}`,
);
const otherColor = '--vscode-descriptionForeground';

let current: Palette | undefined;

export function palette(): Palette {
  return (current ??= readPalette());
}

function readPalette(): Palette {
  const style = getComputedStyle(document.body);
  const color = (name: string) => style.getPropertyValue(name).trim() || style.color;
  return {
    series: [...seriesColors, otherColor].map(color),
    text: color('--vscode-descriptionForeground'),
    grid: color('--usage-line'),
    background: color('--vscode-editor-background'),
    font: `11px ${style.fontFamily}`,
    patterned: document.body.classList.contains('vscode-high-contrast'),
  };
}

/** Calls `changed` after every change of the theme, until the signal aborts. */
export function onThemeChange(changed: () => void, signal: AbortSignal): void {
  listeners.addEventListener('change', changed, { signal });
}

const listeners = new EventTarget();

// VS Code puts a theme's name into the body's classes and its colours into the root's style.
const observer = new MutationObserver(() => {
  current = undefined;
  listeners.dispatchEvent(new Event('change'));
});
observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
