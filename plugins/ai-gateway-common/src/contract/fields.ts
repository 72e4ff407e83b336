import { z } from 'zod';
import { parseUsd } from '../money';

/** A name that people choose and that stays: lower case, digits, dots, dashes, underscores; a valid catalog entity name. @public */
export const slugSchema = z
  .string()
  .min(1, 'Enter a name')
  .max(63, 'Use at most 63 characters')
  .regex(
    /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/,
    'Use lower-case letters, digits, dots, dashes and underscores; begin and end with a letter or digit',
  );

/** What a page shows for a thing. @public */
export const titleSchema = z
  .string()
  .trim()
  .min(1, 'Enter a title')
  .max(120, 'Use at most 120 characters');

/** A sentence or two. @public */
export const descriptionSchema = z
  .string()
  .trim()
  .max(2000, 'Use at most 2,000 characters');

/** A reference to a catalog entity, such as `group:default/payments`. @public */
export const entityRefSchema = z
  .string()
  .max(254, 'Use at most 254 characters')
  .regex(
    /^[a-z][a-z0-9]*:[a-z0-9._-]+\/[a-z0-9._-]+$/,
    'Use a full entity reference in lower case, such as group:default/payments',
  );

/** A reference to a catalog group. @public */
export const groupRefSchema = entityRefSchema.startsWith(
  'group:',
  'Name a group, such as group:default/payments',
);

/** An id that this project made. @public */
export const uuidSchema = z.uuid();

/** A moment, in UTC. @public */
export const timestampSchema = z.iso.datetime();

/** A moment in any zone; kept in UTC. @public */
export const timestampInputSchema = z.iso.datetime({
  offset: true,
  error: 'Enter a date and time such as 2030-01-31T09:00:00Z',
});

/** Money as the API writes it: an exact decimal of dollars, up to nine digits after the point. @public */
export const usdSchema = z
  .string()
  .regex(/^-?\d+(\.\d{1,9})?$/)
  .meta({
    description: 'US dollars, an exact decimal with up to nine fraction digits',
    example: '0.00031',
  });

/** The largest amount that a price may have, in dollars. @public */
export const MAX_PRICE_USD = 1_000_000;

/** A price in dollars as somebody enters it: zero or more, exact to the nano-dollar. @public */
export const priceAmountSchema = z
  .string()
  .trim()
  .superRefine((text, context) => {
    const parsed = parseUsd(text);
    if (!parsed.ok) {
      context.addIssue({
        code: 'custom',
        message:
          parsed.problem === 'too-precise'
            ? 'Use at most nine digits after the point: a nano-dollar is the smallest amount that is kept'
            : 'Enter an amount in dollars, such as 0.15',
      });
    } else if (parsed.nanoUsd < 0n) {
      context.addIssue({
        code: 'custom',
        message: 'A price cannot be negative',
      });
    } else if (parsed.nanoUsd > BigInt(MAX_PRICE_USD) * 1_000_000_000n) {
      context.addIssue({
        code: 'custom',
        message: 'A price cannot be more than 1,000,000 dollars',
      });
    }
  })
  .meta({
    description:
      'US dollars, zero or more, with at most nine fraction digits; trailing zeros are dropped',
    example: '0.15',
  });

/** Counts the changes of a row: send back the one you read, and a change made in between is reported, not overwritten. @public */
export const versionSchema = z.number().int().min(1);
