import {
  type Model,
  usdToNano,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { DataTableSort } from '../shared';

type Comparable = string | number | bigint | null;

const KEYS: Record<string, (model: Model) => Comparable> = {
  title: model => model.title.toLowerCase(),
  provider: model => model.providers[0]?.title.toLowerCase() ?? null,
  modality: model => model.modality,
  context: model => model.contextWindow,
  input: model => model.price && usdToNano(model.price.input),
  output: model => model.price && usdToNano(model.price.output),
  status: model => model.status,
};

/** How the list is sorted until the reader chooses. */
const BY_TITLE: DataTableSort = { column: 'title', descending: false };

/** Reads a sort from the URL: a column, with a dash before it for descending. */
export function parseModelSort(text: string): DataTableSort {
  const descending = text.startsWith('-');
  const column = descending ? text.slice(1) : text;
  return Object.hasOwn(KEYS, column) ? { column, descending } : BY_TITLE;
}

/** Writes a sort for the URL; `''` for the one that needs no saying. */
export function formatModelSort({ column, descending }: DataTableSort): string {
  if (column === BY_TITLE.column && !descending) return '';
  return descending ? `-${column}` : column;
}

/** A sorted copy. What is not known comes last either way; ties are settled by id, so that rows do not jump. */
export function sortModels(
  models: readonly Model[],
  { column, descending }: DataTableSort,
): Model[] {
  const key = KEYS[column];
  return [...models].sort((a, b) => {
    const x = key(a);
    const y = key(b);
    if (x === null || y === null) {
      if (x === y) return compare(a.id, b.id);
      return x === null ? 1 : -1;
    }
    const order = compare(x, y);
    if (order === 0) return compare(a.id, b.id);
    return descending ? -order : order;
  });
}

function compare<T extends string | number | bigint>(x: T, y: T): number {
  if (x < y) return -1;
  return x > y ? 1 : 0;
}
