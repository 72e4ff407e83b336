import fc from 'fast-check';
import { fetchAllPages, PAGE_SIZE } from './fetchAllPages';

const list = (length: number) => Array.from({ length }, (_, i) => i);

it('gives every item once and in order, however many there are', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 3 * PAGE_SIZE }), async length => {
      const all = list(length);
      const items = await fetchAllPages(async ({ limit, offset }) => ({
        items: all.slice(offset, offset + limit),
        totalCount: length,
      }));
      expect(items).toEqual(all);
    }),
  );
});

it('ends when the list has become shorter than it said', async () => {
  const items = await fetchAllPages(async ({ offset }) => ({
    items: offset === 0 ? ['only'] : [],
    totalCount: 5,
  }));
  expect(items).toEqual(['only']);
});
