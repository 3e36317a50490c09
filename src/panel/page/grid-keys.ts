const rowsAPage = 10;

/** Makes the arrow keys move within every grid of the page. */
export function moveInGrids(root: HTMLElement): void {
  root.addEventListener('keydown', (event) => {
    const from = buttonInGrid(event.target);
    if (from === undefined || event.altKey || event.shiftKey || event.metaKey) return;
    const to = destination(from, event.ctrlKey ? `Control+${event.key}` : event.key);
    if (to === undefined) return;
    event.preventDefault();
    to.focus();
  });
  root.addEventListener('focusin', (event) => {
    const button = buttonInGrid(event.target);
    if (button !== undefined) makeTabStop(button);
  });
}

/** Gives every grid one tab stop. Call it whenever rows may have been added or removed. */
export function settleGrids(root: HTMLElement): void {
  for (const table of gridsOf(root)) {
    const stops = [...table.querySelectorAll<HTMLButtonElement>('button[tabindex="0"]')];
    const stop = stops[0] ?? table.querySelector('button');
    if (stop !== null) makeTabStop(stop);
  }
}

function gridsOf(root: HTMLElement): HTMLTableElement[] {
  return [...root.querySelectorAll<HTMLTableElement>('table[role=grid]')];
}

function buttonInGrid(target: EventTarget | null): HTMLButtonElement | undefined {
  const isButton = target instanceof HTMLButtonElement && target.closest('table[role=grid]') !== null;
  return isButton ? target : undefined;
}

function makeTabStop(button: HTMLButtonElement): void {
  for (const other of button.closest('table')?.querySelectorAll<HTMLButtonElement>('button[tabindex="0"]') ??
    []) {
    if (other !== button) other.tabIndex = -1;
  }
  button.tabIndex = 0;
}

/** The cell that a key leads to from a button. Cells without a button are skipped. */
function destination(from: HTMLButtonElement, key: string): HTMLButtonElement | undefined {
  const table = from.closest('table');
  const cell = from.closest<HTMLTableCellElement>('th, td');
  const row = cell?.parentElement;
  if (table === null || cell === null || !(row instanceof HTMLTableRowElement)) return undefined;
  const inRow = [...row.cells].map(buttonOf);
  const inColumn = [...table.rows].map(({ cells }) => buttonOf(cells[cell.cellIndex]));
  const all = () => [...table.querySelectorAll('button')];
  switch (key) {
    case 'ArrowLeft':
      return last(inRow.slice(0, cell.cellIndex));
    case 'ArrowRight':
      return first(inRow.slice(cell.cellIndex + 1));
    case 'ArrowUp':
      return last(inColumn.slice(0, row.rowIndex));
    case 'ArrowDown':
      return first(inColumn.slice(row.rowIndex + 1));
    case 'PageUp':
      return first(inColumn.slice(Math.max(1, row.rowIndex - rowsAPage), row.rowIndex));
    case 'PageDown':
      return last(inColumn.slice(row.rowIndex + 1, row.rowIndex + 1 + rowsAPage));
    case 'Home':
      return first(inRow);
    case 'End':
      return last(inRow);
    case 'Control+Home':
      return all().at(0);
    case 'Control+End':
      return all().at(-1);
    default:
      return undefined;
  }
}

type Maybe = HTMLButtonElement | undefined;

function buttonOf(cell: HTMLTableCellElement | undefined): Maybe {
  return cell?.querySelector('button') ?? undefined;
}

function first(buttons: readonly Maybe[]): Maybe {
  return buttons.find((button) => button !== undefined);
}

function last(buttons: readonly Maybe[]): Maybe {
  return buttons.findLast((button) => button !== undefined);
}
