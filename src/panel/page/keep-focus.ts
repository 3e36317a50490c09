/** Runs a change under `root` and keeps the keyboard focus, even if the focused element moves. */
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
  // If the focused number is gone, the focus stays in its table.
  const heir = root.contains(focused) ? focused : grid?.querySelector('button');
  heir?.focus({ preventScroll: true });
}
