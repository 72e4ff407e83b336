import { OTHER_GROUP_ID } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { Piece } from '../../usage/pieces';
import { addSums, NO_USAGE, subtractSums } from '../../usage/sums';
import { sumsOf, type UsageSumsRow } from './usageSumsRow';
import type { UsageCell } from './UsageStore';

/** The sums of one piece and group; `piece` is the piece's index. */
export type PieceRow = { piece: number; groupId: string } & UsageSumsRow;

/** Puts the sums of pieces together to those of buckets. */
export function cellsOf(
  pieces: readonly Piece[],
  rows: readonly PieceRow[],
): UsageCell[] {
  const cells = new Map<string, UsageCell>();
  for (const row of rows) {
    const sums = sumsOf(row);
    for (const { bucket, sign } of pieces[row.piece].counts) {
      const id = `${bucket} ${row.groupId}`;
      const before = cells.get(id)?.sums ?? NO_USAGE;
      cells.set(id, {
        bucket,
        groupId: row.groupId,
        sums: sign === 1 ? addSums(before, sums) : subtractSums(before, sums),
      });
    }
  }
  return [...cells.values()].filter(({ sums }) => sums.requests > 0);
}

/** What is left of the totals of buckets without some groups of them. */
export function without(
  totals: readonly UsageCell[],
  cells: readonly UsageCell[],
): UsageCell[] {
  const rest = new Map(totals.map(({ bucket, sums }) => [bucket, sums]));
  for (const { bucket, sums } of cells) {
    rest.set(bucket, subtractSums(rest.get(bucket) ?? NO_USAGE, sums));
  }
  return [...rest].flatMap(([bucket, sums]) =>
    sums.requests > 0 ? [{ bucket, groupId: OTHER_GROUP_ID, sums }] : [],
  );
}
