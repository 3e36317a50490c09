/**
 * Where a request lists tools, by the brackets around a member: in `tools` of the request, of a tool that groups others
 * (`namespace`), and of an item of a Responses request's input (`additional_tools`, `tool_search_output`).
 */
export class ToolLists {
  /** By depth: whether the member that was named last is a list of tools. */
  readonly #isList: boolean[] = [];
  #isInput = false;

  /** Whether the name of the next member at this depth has to be read. A long request has very many others. */
  begin(depth: number): boolean {
    this.#isList[depth] = false;
    return depth === 1 || this.#isOfItem(depth) || this.isOfTool(depth) || this.isOfTool(depth - 1);
  }

  /** Notes the plain name of this member. */
  name(plain: string, depth: number): void {
    if (depth === 1) this.#isInput = plain === 'input';
    const mayList = depth === 1 || this.#isOfItem(depth) || this.isOfTool(depth);
    this.#isList[depth] = plain === 'tools' && mayList;
  }

  /** Whether the members at this depth belong to a tool. */
  isOfTool(depth: number): boolean {
    return this.#isList[depth - 2] === true;
  }

  #isOfItem(depth: number): boolean {
    return depth === 3 && this.#isInput;
  }
}
