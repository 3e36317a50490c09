import type { BuiltInTool } from '../config/provider-entry.ts';
import { plainFieldName } from '../../shared/fold-case.ts';
import { stringAt } from '../../shared/json-members.ts';
import type { JsonVisitor } from '../../shared/json-scanner.ts';
import { jsonLimits } from '../../shared/limits.ts';

/** How the types of these tools begin, in all protocols, as plain names: `mcp_toolset`, `advisor_20260301`. */
const beginnings: Readonly<Record<string, BuiltInTool>> = {
  mcp: 'mcp',
  imagegeneration: 'image_generation',
  advisor: 'advisor',
};

/** Members that name a server: of a tool, and of a request. */
const serverNames = new Set(['mcpserver', 'mcpservers', 'serverurl', 'connectorid']);

/** The members of a tool, by the brackets around them. */
const toolDepth = 3;
const quote = 0x22;
/** Of `null`. */
const letterN = 0x6e;

/** Finds these tools while a scanner reads a request. */
export class BuiltInTools implements JsonVisitor {
  readonly found = new Set<BuiltInTool>();
  readonly #bytes: Buffer;
  #isInTools = false;
  #name = '';
  #stringStart: number | undefined;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  name(start: number, end: number, hasEscape: boolean, depth: number): void {
    if (depth !== 1 && (depth !== toolDepth || !this.#isInTools)) return;
    const isShort = end - start <= jsonLimits.nameBytes;
    this.#name = isShort ? plainFieldName(stringAt(this.#bytes, start, end, hasEscape)) : '';
    if (depth === 1) this.#isInTools = this.#name === 'tools';
  }

  begin(at: number, byte: number, depth: number): void {
    if (depth !== 1 && depth !== toolDepth) return;
    if (serverNames.has(this.#name) && byte !== letterN) this.found.add('mcp');
    // The name belongs to this value only.
    const isType = depth === toolDepth && this.#isInTools && this.#name === 'type' && byte === quote;
    this.#stringStart = isType ? at : undefined;
    this.#name = '';
  }

  end(at: number, depth: number, hasEscape: boolean): void {
    if (depth !== toolDepth || this.#stringStart === undefined) return;
    const start = this.#stringStart;
    this.#stringStart = undefined;
    if (at - start > jsonLimits.nameBytes) return;
    const type = plainFieldName(stringAt(this.#bytes, start, at, hasEscape));
    for (const [beginning, tool] of Object.entries(beginnings)) {
      if (type.startsWith(beginning)) this.found.add(tool);
    }
  }
}
