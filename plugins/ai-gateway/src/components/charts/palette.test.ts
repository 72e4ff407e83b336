import { palettes } from '@backstage/theme';
import { CATEGORY_COUNT, chartPalette } from './palette';
import {
  colorDistance,
  contrastRatio,
  VISIONS,
} from './__testUtils__/colorVision';

describe.each(['light', 'dark'] as const)('chart palette, %s', type => {
  const { categories, rest } = chartPalette(type);
  const { paper, default: page } = palettes[type].background;

  it('has as many colours as it says, none twice', () => {
    expect(new Set([...categories, rest]).size).toBe(CATEGORY_COUNT + 1);
  });

  it.each([...categories, rest])('%s stands out from the paper', color => {
    expect(contrastRatio(color, paper)).toBeGreaterThanOrEqual(3);
    expect(contrastRatio(color, page)).toBeGreaterThanOrEqual(3);
  });

  it.each(VISIONS)('keeps its colours apart for %s vision', vision => {
    const all = [...categories, rest];
    const distances = all.flatMap((a, i) =>
      all.slice(i + 1).map(b => colorDistance(a, b, vision)),
    );
    // A difference that is just noticeable side by side is about 0.02.
    expect(Math.min(...distances)).toBeGreaterThan(0.075);
  });
});

describe('colour vision', () => {
  it('knows the contrast of black on white', () => {
    expect(contrastRatio('#000000', '#ffffff')).toBeCloseTo(21);
  });

  it('finds red and green closer for deuteranopia than for normal vision', () => {
    expect(colorDistance('#c05020', '#708020', 'deuteranopia')).toBeLessThan(
      colorDistance('#c05020', '#708020', 'normal') / 2,
    );
  });
});
