import './page-environment.ts';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import * as l10n from '@vscode/l10n';
import './charts/swatch.ts';
import './charts/usage-chart.ts';
import { languagesOf } from '../../shared/l10n.ts';
import { createNumbers } from './numbers.ts';
import { UsagePage } from './usage-page.ts';

l10n.config({ contents: document.getElementById('l10n')?.textContent || '{}' });

const root = document.getElementById('panel');
if (root === null) throw new Error('The page has no element for the panel');

const language = document.documentElement.lang || 'en';
const page = new UsagePage(
  root,
  acquireVsCodeApi(),
  createNumbers(language),
  new Intl.Collator(languagesOf({ language }), { numeric: true }),
);
addEventListener('message', (event: MessageEvent<unknown>) => {
  page.receive(event.data);
});
page.start();
for (const message of takeEarlyMessages()) page.receive(message);
