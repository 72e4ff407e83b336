import type { ReactNode } from 'react';

/** One column of a {@link DataTable}; on a narrow screen, one line of each card. */
export interface DataTableColumn<T> {
  id: string;
  label: string;
  render: (row: T) => ReactNode;
  /** Numbers stand at the right. */
  numeric?: boolean;
  sortable?: boolean;
  /** Titles the card on a narrow screen; one column has it. */
  title?: boolean;
  /** Buttons: no label on a card, and at its foot. */
  actions?: boolean;
}

/** The column that rows are sorted by. */
export interface DataTableSort {
  column: string;
  descending: boolean;
}

/** What a {@link DataTable} shows. */
export interface DataTableProps<T> {
  /** What the rows are, for those who cannot see the table. */
  label: string;
  columns: readonly DataTableColumn<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  sort?: DataTableSort;
  onSort?: (sort: DataTableSort) => void;
}
