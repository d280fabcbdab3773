import type { ComponentChildren } from "preact";

export interface Column<T> {
  head: string;
  cell: (row: T) => ComponentChildren;
  /** Numbers stand right. */
  numeric?: boolean;
}

/** Rows of one kind. On a narrow screen each row becomes a block whose cells are named. */
export function DataTable<T>(props: {
  caption: string;
  columns: Column<T>[];
  rows: T[];
  keyOf: (row: T) => string;
  /** All columns are as wide, whatever is in them. */
  even?: boolean;
  /** In place of rows where there are none. */
  empty?: ComponentChildren;
}) {
  if (props.rows.length === 0 && props.empty !== undefined) {
    return <>{props.empty}</>;
  }
  return (
    <table class={props.even ? "data even" : "data"}>
      <caption class="wa-visually-hidden">{props.caption}</caption>
      <thead>
        <tr>
          {props.columns.map((column) => (
            <th key={column.head} scope="col" class={column.numeric ? "numeric" : undefined}>
              {column.head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row) => (
          <tr key={props.keyOf(row)}>
            {props.columns.map((column) => (
              <td key={column.head} data-head={column.head} class={column.numeric ? "numeric" : undefined}>
                <div>{column.cell(row)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
