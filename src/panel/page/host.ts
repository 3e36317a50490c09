import type { PanelRequest } from '../panel-messages.ts';
import type { SavedState } from './saved-state.ts';

/** What VS Code gives to a page. It is given out once only. */
export interface Host {
  postMessage(message: PanelRequest): void;
  getState(): unknown;
  setState(state: SavedState): void;
}

declare global {
  function acquireVsCodeApi(): Host;
  /** What the extension has sent already, given by the page's HTML to whoever listens from now on. */
  function takeEarlyMessages(): unknown[];
}
