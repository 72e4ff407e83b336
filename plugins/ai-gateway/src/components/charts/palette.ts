/** How many groups can be told apart by colour. */
export const CATEGORY_COUNT = 8;

/**
 * Eight colours for things without an order, each with the same hue in light and in dark.
 *
 * Found by a search in OKLCH for the largest smallest distance between any two, as people with normal vision, protanopia,
 * deuteranopia and tritanopia see them, under the condition of a contrast of 3:1 to page and paper. `palette.test.ts` checks both.
 */
const CATEGORIES = {
  light: [
    '#4784eb', // blue
    '#884f17', // brown
    '#104e4a', // petrol
    '#d6609f', // pink
    '#ac8719', // ochre
    '#5d338b', // violet
    '#608060', // sage
    '#7f0d04', // maroon
  ],
  dark: [
    '#b2c6f2',
    '#f2a639',
    '#4dd0a4',
    '#c677b4',
    '#fbdc5e',
    '#9698fe',
    '#9cf8b9',
    '#e8745e',
  ],
} as const;

/** What stands for all the rest; grey, so that it is no category. */
const REST = { light: '#8c8c8c', dark: '#a3a3a3' } as const;

/** Colours of one theme for charts. */
export interface ChartPalette {
  readonly categories: readonly string[];
  readonly rest: string;
}

/** @param themeType - `theme.palette.type` */
export function chartPalette(themeType: 'light' | 'dark'): ChartPalette {
  return { categories: CATEGORIES[themeType], rest: REST[themeType] };
}
