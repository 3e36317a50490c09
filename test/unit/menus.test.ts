import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';

interface Item {
  readonly command: string;
  readonly when: string;
  readonly group: string;
}

const manifest = JSON.parse(readFileSync(path.join(import.meta.dirname, '../../package.json'), 'utf8')) as {
  contributes: { menus: Record<string, Item[]> };
};

/** What is offered inline on a row with this context value, in its order. */
function inlineOn(contextValue: string): string[] {
  return (manifest.contributes.menus['view/item/context'] ?? [])
    .filter(({ when, group }) => group.startsWith('inline') && matches(when, contextValue))
    .sort((a, b) => a.group.localeCompare(b.group))
    .map(({ command }) => command.replace('callguard.', ''));
}

function matches(when: string, contextValue: string): boolean {
  const pattern = /viewItem =~ \/(.*)\/$/.exec(when)?.[1];
  return pattern === undefined
    ? when.endsWith(`viewItem == ${contextValue}`)
    : new RegExp(pattern).test(contextValue);
}

describe('the inline actions of a provider', () => {
  const rows: [contextValue: string, actions: string[]][] = [
    ['provider running', ['testProvider', 'pauseProvider', 'editProvider']],
    ['provider running keyed', ['testProvider', 'pauseProvider', 'replaceKey', 'editProvider']],
    ['provider paused', ['testProvider', 'resumeProvider', 'editProvider']],
    [
      'provider running stopped keyed',
      ['testProvider', 'resetCircuit', 'pauseProvider', 'replaceKey', 'editProvider'],
    ],
    [
      'provider running keyed moved',
      ['testProvider', 'pauseProvider', 'confirmOrigin', 'replaceKey', 'editProvider'],
    ],
    ['brokenProvider', []],
    ['callguard.confirmOrigin', ['confirmOrigin']],
  ];
  for (const [contextValue, actions] of rows) {
    it(`are ${actions.join(', ') || 'none'} where it is '${contextValue}'`, () => {
      assert.deepEqual(inlineOn(contextValue), actions);
    });
  }
});
