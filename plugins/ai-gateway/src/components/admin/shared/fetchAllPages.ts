import type { Page } from '@ai-gateway/backstage-plugin-ai-gateway-common';

/** The most that one request may ask for. */
export const PAGE_SIZE = 500;

/**
 * Every item of a list that comes in pages.
 *
 * @param fetchPage - the part that begins at an offset
 */
export async function fetchAllPages<T>(
  fetchPage: (query: { limit: number; offset: number }) => Promise<Page<T>>,
): Promise<T[]> {
  const items: T[] = [];
  for (;;) {
    const page = await fetchPage({ limit: PAGE_SIZE, offset: items.length });
    items.push(...page.items);
    if (page.items.length === 0 || items.length >= page.totalCount) {
      return items;
    }
  }
}
