import { CATEGORY_COUNT } from './palette';

/**
 * Gives each group a place in the palette and lets it keep it, so that a group does not change its colour when the ranking does.
 *
 * @param known - places given before; a group that is gone gives its place back
 * @param ids - groups to be coloured; those beyond {@link CATEGORY_COUNT} get no place
 */
export function assignColorSlots(
  known: ReadonlyMap<string, number>,
  ids: readonly string[],
): ReadonlyMap<string, number> {
  const kept = new Map(
    [...known].filter(
      ([id, slot]) => ids.includes(id) && slot < CATEGORY_COUNT,
    ),
  );
  const taken = new Set(kept.values());
  const free = Array.from({ length: CATEGORY_COUNT }, (_, slot) => slot).filter(
    slot => !taken.has(slot),
  );
  for (const id of ids) {
    if (!kept.has(id)) {
      const slot = free.shift();
      if (slot === undefined) break;
      kept.set(id, slot);
    }
  }
  return kept;
}
