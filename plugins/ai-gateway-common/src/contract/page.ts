import { z } from 'zod';

/** Which part of a long list. @public */
export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
});

/** A part of a list and how many there are in all. @public */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), totalCount: z.number().int().min(0) });

/** A part of a list and how many there are in all. @public */
export interface Page<T> {
  items: T[];
  totalCount: number;
}
