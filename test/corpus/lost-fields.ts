import type { Prompt } from '../../src/guard/call.ts';
import { outlineOf, sorted } from '../support/prompt-outline.ts';

export interface Count {
  kept: number;
  /** It arrives in another form or place. */
  changed: number;
  lost: number;
}

interface Field {
  readonly name: string;
  /** What has to arrive. */
  readonly whole: string;
  /** The longest text in it, by which it is found in another form. An option has its name for that. */
  readonly text: string | undefined;
}

/** The fields of a prompt, each as one text. */
function fieldsOf(prompt: Prompt): Field[] {
  const { parts, options } = outlineOf(prompt);
  const { tools = [], ...others } = options as { tools?: readonly (readonly unknown[])[] };
  return [
    ...parts.map((part) => fieldOf(nameOf(part as readonly unknown[]), part)),
    ...tools.map((tool) => fieldOf('tools', tool)),
    ...Object.entries(others).map(([name, value]) => optionOf(name, value)),
  ];
}

function nameOf([first, second]: readonly unknown[]): string {
  if (first === 'call') return 'tool calls';
  if (first === 'result') return 'results';
  const kind = second === 'thought' ? 'thoughts' : second === 'file' ? 'files' : 'texts';
  return `${String(first)}: ${kind}`;
}

function fieldOf(name: string, value: unknown): Field {
  const whole = sorted(value);
  return { name, whole, text: textsIn(value).sort((a, b) => b.length - a.length)[0] ?? whole };
}

function optionOf(name: string, value: unknown): Field {
  const words = { thinkingTokens: 'reasoning', parallel: 'one call at a time', toolChoice: 'tool choice' };
  const whole = `${name} ${sorted(value)}`;
  return {
    name: Object.hasOwn(words, name) ? words[name as keyof typeof words] : name,
    whole,
    text: undefined,
  };
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Counts for each field of a client's prompt how it arrived in the prompt that the provider got. */
export function countFields(sent: Prompt, arrived: Prompt | undefined, counts: Map<string, Count>): void {
  const others = arrived === undefined ? [] : fieldsOf(arrived);
  const all = others.map(({ whole }) => whole).join('\n');
  for (const { name, whole, text } of fieldsOf(sent)) {
    const count = counts.get(name) ?? { kept: 0, changed: 0, lost: 0 };
    counts.set(name, count);
    const isSame = others.some((other) => other.name === name && other.whole === whole);
    // A gateway may join the texts of one side.
    const isJoined =
      name.endsWith(': texts') && others.some((other) => other.name === name && has(other.whole, text));
    const isThere = text === undefined ? others.some((other) => other.name === name) : has(all, text);
    if (isSame || isJoined) count.kept += 1;
    else if (isThere) count.changed += 1;
    else count.lost += 1;
  }
}

function has(whole: string, text: string | undefined): boolean {
  return text !== undefined && whole.includes(JSON.stringify(text).slice(1, -1));
}
