import * as vscode from 'vscode';
import { languagesOf, type L10n } from '../../shared/l10n.ts';

/** VS Code's texts, with numbers and dates in its display language instead of the system's. */
export const display: L10n = {
  ...vscode.l10n,
  get language() {
    return vscode.env.language;
  },
};

/** The time of day. */
export function clockTime(atMs: number): string {
  return new Date(atMs).toLocaleTimeString(languagesOf(display));
}

/** The time of day without its seconds. */
export function hourAndMinute(atMs: number): string {
  return new Date(atMs).toLocaleTimeString(languagesOf(display), { hour: 'numeric', minute: '2-digit' });
}

export function dateAndTime(atMs: number): string {
  return new Date(atMs).toLocaleString(languagesOf(display));
}
