/** How many groups can be told apart by colour. */
export const CATEGORY_COUNT = 8;

/**
 * Eight colours for things without an order, each with the same hue in light and in dark.
 *
 * Found by a search in OKLCH for the largest smallest distance between any two (and from the rest), as people with normal vision, protanopia,
 * deuteranopia and tritanopia see them, under the condition of a contrast of 3:1 to page and paper. `palette.test.ts` checks both.
 */
const CATEGORIES = {
  light: [
    '#28498b', // blue
    '#cc760e', // orange
    '#257366', // teal
    '#b1509d', // pink
    '#806719', // olive
    '#9e73e5', // violet
    '#67976f', // green
    '#8a0a08', // red
  ],
  dark: [
    '#719ff6',
    '#f5ac50',
    '#4cccb6',
    '#ca73b4',
    '#9b9410',
    '#c0bafa',
    '#a4f193',
    '#ee7f74',
  ],
} as const;

/** What stands for all the rest; grey, so that it is no category. */
const REST = { light: '#434343', dark: '#e1e1e1' } as const;

/** Colours of one theme for charts. */
export interface ChartPalette {
  readonly categories: readonly string[];
  readonly rest: string;
}

/** @param themeType - `theme.palette.type` */
export function chartPalette(themeType: 'light' | 'dark'): ChartPalette {
  return { categories: CATEGORIES[themeType], rest: REST[themeType] };
}
