// The page imports this file first: schemas take these settings when they are made.
import { en } from 'zod/locales';
import * as z from 'zod/mini';
import type { PanelRequest } from '../panel-messages.ts';
import type { SavedState } from './saved-state.ts';

z.config({
  // The page's content security policy forbids `new Function`, which zod would use to make its checks faster. VS Code
  // reports even the attempt.
  jitless: true,
  // zod/mini is a quarter of zod and has no texts of its own for what is wrong.
  ...en(),
});

/** What VS Code gives to a page. A page can ask for it only once. */
export interface Host {
  postMessage(message: PanelRequest): void;
  getState(): unknown;
  setState(state: SavedState): void;
}

declare global {
  function acquireVsCodeApi(): Host;
  /** Messages that the extension sent before this program listened. The page's HTML keeps them. */
  function takeEarlyMessages(): unknown[];
}
