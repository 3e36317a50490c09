// Collects what a person reads into l10n/bundle.l10n.json, from which a translation is made.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { translatedTexts } from '../test/unit/l10n-texts.ts';
import { root } from './paths.ts';

const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => [file, readFileSync(path.join(root, 'src', file), 'utf8')] as const);
const texts = [...translatedTexts(new Map(sources)).texts].sort();
const bundle = Object.fromEntries(texts.map((text) => [text, text]));
mkdirSync(path.join(root, 'l10n'), { recursive: true });
writeFileSync(path.join(root, 'l10n', 'bundle.l10n.json'), `${JSON.stringify(bundle, undefined, 2)}\n`);
