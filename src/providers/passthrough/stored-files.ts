import { plainFieldName } from '../../shared/fold-case.ts';
import { stringAt } from '../../shared/json-members.ts';
import type { JsonVisitor } from '../../shared/json-scanner.ts';
import { jsonLimits } from '../../shared/limits.ts';

/** A request of Google's API has its parts at this depth: contents, content, parts, part. */
const leastDepth = 4;

/** Finds a file that is stored at the provider, as Google's API names it: `fileData.fileUri`. */
export class StoredFiles implements JsonVisitor {
  readonly #bytes: Buffer;
  /** By depth: whether the member that was named last is `fileData`. */
  readonly #isFileData: boolean[] = [];
  #isTools = false;
  found = false;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  name(start: number, end: number, hasEscape: boolean, depth: number): void {
    if (this.found || end - start > jsonLimits.nameBytes) return;
    if (depth === 1) this.#isTools = stringAt(this.#bytes, start, end, hasEscape) === 'tools';
    // The schema of a tool may have any names.
    if (depth < leastDepth || this.#isTools) return;
    const isInFileData = this.#isFileData[depth - 1] === true;
    const name = plainFieldName(stringAt(this.#bytes, start, end, hasEscape));
    this.#isFileData[depth] = name === 'filedata';
    if (isInFileData && name === 'fileuri') this.found = true;
  }

  begin(): void {
    // Only names count.
  }

  end(): void {
    // Only names count.
  }
}
