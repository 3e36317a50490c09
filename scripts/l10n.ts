// Collects what a user reads into l10n/bundle.l10n.json, from which a translation is made.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { secretKinds, withKinds } from '../test/support/secret-kinds.ts';
import { translatedTexts } from '../test/unit/l10n-texts.ts';
import { root } from './paths.ts';

const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => [file, readFileSync(path.join(root, 'src', file), 'utf8')] as const);
const texts = [...translatedTexts(new Map(sources)).texts].sort();
const bundle = Object.fromEntries(texts.map((text) => [text, text]));
mkdirSync(path.join(root, 'l10n'), { recursive: true });
writeFileSync(path.join(root, 'l10n', 'bundle.l10n.json'), `${JSON.stringify(bundle, undefined, 2)}\n`);

// Writes the kinds of secrets, by name, into the description of their setting and into the documentation.
const manifestTexts = path.join(root, 'package.nls.json');
const described = JSON.parse(readFileSync(manifestTexts, 'utf8')) as Record<string, string>;
described['setting.promptSecrets'] = withKinds(described['setting.promptSecrets'] ?? '');
writeFileSync(manifestTexts, `${JSON.stringify(described, undefined, 2)}\n`);

const page = path.join(root, 'docs', 'security.md');
const rows = [['Kind', 'How it looks'], ['-', '-'], ...secretKinds()].map(
  (cells) => `| ${cells.join(' | ')} |`,
);
const text = readFileSync(page, 'utf8').replace(
  /(\n## Kinds of secrets\n[^]*?)\n(?:\|[^\n]*\n)*\n## /,
  (_section, before: string) => `${before}\n${rows.join('\n')}\n\n## `,
);
writeFileSync(page, await format(text, { ...(await resolveConfig(page)), filepath: page }));
