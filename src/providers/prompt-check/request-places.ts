import { stringAt } from '../../shared/json-members.ts';
import type { JsonVisitor } from '../../shared/json-scanner.ts';
import { jsonLimits } from '../../shared/limits.ts';
import type { Wording } from '../../shared/l10n.ts';

export const theRequest: Wording = (l10n) => l10n.t('the request');

/** The lists of messages of all protocols. */
const messageLists = new Set(['messages', 'input', 'contents']);
const itemDepth = 2;
const openList = 0x5b;

/** Where in the body of a request a scanner is: in which message, tool or field. */
export class RequestPlaces implements JsonVisitor {
  readonly #bytes: Buffer;
  #member = '';
  #isList = false;
  #item = 0;
  #place = theRequest;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get place(): Wording {
    return this.#place;
  }

  name(start: number, end: number, hasEscape: boolean, depth: number): void {
    if (depth !== 1) return;
    const isKept = end - start <= jsonLimits.nameBytes;
    this.#member = isKept ? stringAt(this.#bytes, start, end, hasEscape) : '';
    this.#item = 0;
    this.#place = theRequest;
  }

  begin(_at: number, byte: number, depth: number): void {
    if (depth === 1) {
      this.#isList = byte === openList;
      this.#place = this.#placeOfMember();
    } else if (depth === itemDepth && this.#isList) {
      this.#item += 1;
      this.#place = this.#placeOfItem(this.#item);
    }
  }

  end(): void {
    // The next value begins, or the next name.
  }

  #placeOfMember(): Wording {
    const member = this.#member;
    return /^\w+$/.test(member) ? (l10n) => l10n.t("the field '{0}'", member) : theRequest;
  }

  #placeOfItem(item: number): Wording {
    if (messageLists.has(this.#member)) return (l10n) => l10n.t('message {0}', item);
    if (this.#member === 'tools') return (l10n) => l10n.t('tool {0}', item);
    return this.#place;
  }
}
