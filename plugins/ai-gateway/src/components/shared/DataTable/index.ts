export { DataTable } from './DataTable';
export type { DataTableColumn, DataTableSort } from './types';
