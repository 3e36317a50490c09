import { plainFieldName } from '../../shared/fold-case.ts';
import { stringAt } from '../../shared/json-members.ts';
import type { JsonVisitor } from '../../shared/json-scanner.ts';
import { jsonLimits } from '../../shared/limits.ts';
import { mayNameModel } from './model-field-names.ts';
import { ToolLists } from './tool-lists.ts';

const quote = 0x22;
const openObject = 0x7b;

/**
 * Collects the models that the tools of a request name, while a scanner reads it: a tool of the provider may call a model
 * of its own, such as Anthropic's advisor.
 */
export class ToolModels implements JsonVisitor {
  readonly #bytes: Buffer;
  readonly #found: string[] = [];
  readonly #lists = new ToolLists();
  #isUnclear = false;
  /** The depth of the member that names models; 0 outside of such a member. */
  #memberDepth = 0;
  #stringStart: number | undefined;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Undefined if a tool names models in a way that cannot be read, or too many. */
  get found(): readonly string[] | undefined {
    return this.#isUnclear ? undefined : this.#found;
  }

  name(start: number, end: number, hasEscape: boolean, depth: number): void {
    if (!this.#lists.begin(depth)) return;
    const isLong = end - start > jsonLimits.nameBytes;
    const name = isLong ? '' : plainFieldName(stringAt(this.#bytes, start, end, hasEscape));
    this.#lists.name(name, depth);
    // A tool's own members, and those of an object in it. Deeper are schemas and examples.
    const isOfTool = this.#lists.isOfTool(depth) || this.#lists.isOfTool(depth - 1);
    if (isOfTool && mayNameModel(name)) this.#memberDepth = depth;
  }

  begin(at: number, byte: number, depth: number): void {
    if (this.#memberDepth === 0) return;
    if (byte === openObject || depth > this.#memberDepth + 1) this.#isUnclear = true;
    else if (byte === quote) this.#stringStart = at;
  }

  end(at: number, depth: number, hasEscape: boolean): void {
    if (this.#memberDepth === 0) return;
    if (this.#stringStart !== undefined) this.#add(this.#stringStart, at, hasEscape);
    this.#stringStart = undefined;
    if (depth === this.#memberDepth) this.#memberDepth = 0;
  }

  #add(start: number, end: number, hasEscape: boolean): void {
    if (end - start > jsonLimits.nameBytes || this.#found.length === jsonLimits.toolModels)
      this.#isUnclear = true;
    else this.#found.push(stringAt(this.#bytes, start, end, hasEscape));
  }
}
