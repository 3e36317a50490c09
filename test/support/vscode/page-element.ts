import type { Locator } from 'playwright-core';

/** The little of the DOM that the tests read. The rest of the project is compiled without the DOM's types. */
export interface PageElement {
  readonly textContent: string | null;
  readonly classList: { contains(name: string): boolean };
  getAttribute(name: string): string | null;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
}

/** Reads all elements of a locator in one go, so that what is read fits together. `read` runs in the page. */
export async function readAll<Value>(
  locator: Locator,
  read: (elements: readonly PageElement[]) => Value[],
): Promise<Value[]> {
  return locator.evaluateAll(read);
}
