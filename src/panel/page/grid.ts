import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { renderInChunks } from './render-in-chunks.ts';
import type { Content } from './parts.ts';

export interface Column<Row> {
  readonly id: string;
  readonly title: Content;
  /** Only its text, if the column's head is not above its cells. */
  readonly label: string;
  readonly align: 'start' | 'end';
  readonly sort?: 'ascending' | 'descending' | 'none';
  readonly cell: (row: Row) => Content;
}

interface Grid<Row> {
  readonly caption: string;
  readonly className: string;
  /** The first cell is the row's heading. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly key: (row: Row) => string;
}

/**
 * A table whose numbers are buttons. It is one tab stop, and the arrow keys move within it. The roles are explicit,
 * because a table that is laid out differently for narrow widths loses its implicit ones.
 */
export function grid<Row>({ caption, className, columns, rows, key }: Grid<Row>): TemplateResult {
  return html`<table class=${className} role="grid">
    <caption class="unseen">
      ${caption}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map(
          ({ title, align, sort }) =>
            html`<th role="columnheader" scope="col" class=${align} aria-sort=${sort ?? nothing}>
              ${title}
            </th>`,
        )}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${renderInChunks(rows.length, (shown) =>
        repeat(
          rows.slice(0, shown),
          key,
          (row) =>
            html`<tr role="row">
              ${columns.map((column, at) => cell(column, row, at === 0))}
            </tr>`,
        ),
      )}
    </tbody>
  </table>`;
}

function cell<Row>(column: Column<Row>, row: Row, heads: boolean): TemplateResult {
  const content = column.cell(row);
  return heads
    ? html`<th role="rowheader" scope="row" class=${column.align}>${content}</th>`
    : html`<td role="gridcell" class=${column.align} data-label=${column.label}>${content}</td>`;
}
