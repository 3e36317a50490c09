import type { BuiltInTool } from '../config/provider-entry.ts';
import { plainFieldName } from '../../shared/fold-case.ts';
import { stringAt } from '../../shared/json-members.ts';
import type { JsonVisitor } from '../../shared/json-scanner.ts';
import { jsonLimits } from '../../shared/limits.ts';
import { ToolLists } from './tool-lists.ts';

/** How the types of these tools begin, in all protocols, as plain names: `mcp_toolset`, `advisor_20260301`. */
const beginnings: Readonly<Record<string, BuiltInTool>> = {
  mcp: 'mcp',
  imagegeneration: 'image_generation',
  advisor: 'advisor',
};

/** Members that name a server: of a tool, and of a request. */
const serverNames = new Set(['mcpserver', 'mcpservers', 'serverurl', 'connectorid']);

const quote = 0x22;
/** Of `null`. */
const letterN = 0x6e;

/** Finds these tools while a scanner reads a request. */
export class BuiltInTools implements JsonVisitor {
  readonly found = new Set<BuiltInTool>();
  readonly #bytes: Buffer;
  readonly #lists = new ToolLists();
  #name = '';
  #stringStart: number | undefined;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  name(start: number, end: number, hasEscape: boolean, depth: number): void {
    if (!this.#lists.begin(depth)) return;
    const isShort = end - start <= jsonLimits.nameBytes;
    this.#name = isShort ? plainFieldName(stringAt(this.#bytes, start, end, hasEscape)) : '';
    this.#lists.name(this.#name, depth);
  }

  begin(at: number, byte: number, depth: number): void {
    const isOfTool = this.#lists.isOfTool(depth);
    if (depth !== 1 && !isOfTool) return;
    if (serverNames.has(this.#name) && byte !== letterN) this.found.add('mcp');
    // The name belongs to this value only.
    this.#stringStart = isOfTool && this.#name === 'type' && byte === quote ? at : undefined;
    this.#name = '';
  }

  end(at: number, depth: number, hasEscape: boolean): void {
    if (this.#stringStart === undefined || !this.#lists.isOfTool(depth)) return;
    const start = this.#stringStart;
    this.#stringStart = undefined;
    if (at - start > jsonLimits.nameBytes) return;
    const type = plainFieldName(stringAt(this.#bytes, start, at, hasEscape));
    for (const [beginning, tool] of Object.entries(beginnings)) {
      if (type.startsWith(beginning)) this.found.add(tool);
    }
  }
}
