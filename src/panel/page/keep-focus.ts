/** Changes what is under `root` and leaves the keyboard where it was, though its element may have been moved. */
export function keepFocus(root: HTMLElement, change: () => void): void {
  const focused = document.activeElement;
  const grid = focused?.closest('table[role=grid]');
  change();
  if (
    !(focused instanceof HTMLElement) ||
    !root.contains(grid ?? focused) ||
    document.activeElement === focused
  )
    return;
  // A number that has gone leaves the keyboard in its table.
  const heir = root.contains(focused) ? focused : grid?.querySelector('button');
  heir?.focus({ preventScroll: true });
}
