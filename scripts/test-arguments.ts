import { parseArgs } from 'node:util';
import { Explained } from './explained.ts';
import type { Selection } from './mocha-phase.ts';

/** In the order in which they are reported. */
export const phaseNames = ['unit', 'integration', 'types', 'lint', 'format', 'host', 'workbench'] as const;
export type PhaseName = (typeof phaseNames)[number];

const folders: Partial<Record<PhaseName, string>> = {
  unit: 'test/unit/',
  integration: 'test/integration/',
  host: 'test/vscode/host/',
  workbench: 'test/vscode/workbench/',
};

export interface TestArguments {
  phases: ReadonlySet<PhaseName>;
  selection: Selection;
}

/** Reads `[phase | test file]... [--grep text]`; `vscode` stands for host and workbench, nothing for everything. */
export function parseTestArguments(args: readonly string[]): TestArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { grep: { type: 'string', short: 'g', default: '' } },
  });
  const phases = new Set<PhaseName>();
  const files: string[] = [];
  for (const argument of positionals) {
    const phase = phaseNames.find((name) => name === argument);
    const ofFile = phaseNames.find((name) => argument.startsWith(folders[name] ?? '\0'));
    if (phase !== undefined) phases.add(phase);
    else if (argument === 'vscode') phases.add('host').add('workbench');
    else if (ofFile !== undefined && argument.endsWith('.test.ts')) {
      phases.add(ofFile);
      files.push(argument);
    } else {
      throw new Explained(
        `${JSON.stringify(argument)} is neither a phase (${phaseNames.join(', ')}, vscode) nor a test file.`,
      );
    }
  }
  return {
    phases: positionals.length === 0 ? new Set(phaseNames) : phases,
    selection: { files, grep: values.grep },
  };
}
