import { type Theme, useTheme } from '@material-ui/core/styles';
import { useRef } from 'react';
import { assignColorSlots } from './colorSlots';
import { CATEGORY_COUNT, chartPalette } from './palette';

/** Which group has which colour. */
export interface GroupColors {
  of(id: string): string;
  /** By place in the palette and not by rank, so that nothing swaps places while figures grow; the rest last. */
  compare(a: { id: string }, b: { id: string }): number;
}

/**
 * A colour for each group, kept for as long as the group stays, so that colours do not jump when the ranking changes.
 *
 * @param ids - the largest first, without the rest, which is whatever has no place
 */
export function useGroupColors(ids: readonly string[]): GroupColors {
  const { palette } = useTheme<Theme>();
  const { categories, rest } = chartPalette(palette.type);
  const slots = useRef<ReadonlyMap<string, number>>(new Map());
  // Giving places again to the same ids changes nothing, so that a repeated render is harmless.
  slots.current = assignColorSlots(slots.current, ids);
  const places = slots.current;
  return {
    of: id => categories[places.get(id) ?? -1] ?? rest,
    compare: (a, b) =>
      (places.get(a.id) ?? CATEGORY_COUNT) -
      (places.get(b.id) ?? CATEGORY_COUNT),
  };
}
