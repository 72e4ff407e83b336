import { z } from 'zod';
import { NANO_USD_PER_USD, nanoToUsd, parseUsd } from '../money';
import { usdSchema } from './fields';

const MOST_NANO_USD = BigInt(Number.MAX_SAFE_INTEGER);
const BILLION = Number(NANO_USD_PER_USD);

/** A part of what the level above has: above 0, at most 1, with at most nine digits after the point. @public */
export const fractionSchema = z
  .number('Enter a fraction such as 0.25')
  .superRefine((fraction, context) => {
    if (fraction <= 0 || fraction > 1) {
      context.addIssue({
        code: 'custom',
        message: 'A fraction is above 0 and at most 1',
      });
    } else if (Math.round(fraction * BILLION) / BILLION !== fraction) {
      context.addIssue({
        code: 'custom',
        message: 'Use at most nine digits after the point',
      });
    }
  })
  .meta({ exclusiveMinimum: 0, maximum: 1, example: 0.25 });

/** A count that a limit sets: a whole number that is counted exactly. @public */
export const countSchema = z
  .number('Enter a whole number')
  .superRefine((count, context) => {
    const message = problemOfCount(count);
    if (message) context.addIssue({ code: 'custom', message });
  })
  .meta({ type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

/** What a budget holds, in dollars as somebody enters it: more than zero, exact to the nano-dollar. @public */
export const budgetUsdSchema = z
  .string()
  .trim()
  .max(40, 'Enter an amount in dollars, such as 250')
  .superRefine((text, context) => {
    const message = problemOfUsd(text);
    if (message) context.addIssue({ code: 'custom', message });
  })
  .meta({
    description:
      'US dollars, more than zero, with at most nine fraction digits',
    example: '250',
  });

const fractionAmount = z.strictObject({
  kind: z.literal('fraction'),
  fraction: fractionSchema,
});

/** How many: so many, or a part of what the level above has, which it then follows. @public */
export const limitAmountSchema = z
  .discriminatedUnion(
    'kind',
    [
      z.strictObject({ kind: z.literal('absolute'), value: countSchema }),
      fractionAmount,
    ],
    'Use {"kind":"absolute","value":100} or {"kind":"fraction","fraction":0.25}',
  )
  .meta({ id: 'LimitAmount' });

/** How much: so many dollars, or a part of what the level above has, which it then follows. @public */
export const budgetAmountInputSchema = z
  .discriminatedUnion(
    'kind',
    [
      z.strictObject({ kind: z.literal('absolute'), usd: budgetUsdSchema }),
      fractionAmount,
    ],
    'Use {"kind":"absolute","usd":"250"} or {"kind":"fraction","fraction":0.25}',
  )
  .meta({ id: 'BudgetAmountInput' });

/** {@inheritDoc budgetAmountInputSchema} @public */
export const budgetAmountSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('absolute'), usd: usdSchema }),
    fractionAmount,
  ])
  .meta({ id: 'BudgetAmount' });

/**
 * What becomes of it while the counters that gateways share cannot be reached: each gateway goes on with its share, nothing is admitted,
 * or each gateway goes on with a fraction. `null`: limits are shared, budgets deny.
 *
 * @public
 */
export const whenDegradedSchema = z
  .discriminatedUnion('mode', [
    z.strictObject({ mode: z.literal('share') }),
    z.strictObject({ mode: z.literal('deny') }),
    z.strictObject({ mode: z.literal('cap'), fraction: fractionSchema }),
  ])
  .nullable()
  .meta({ id: 'WhenDegraded' });

/** Why it is set, for those who come after. @public */
export const noteSchema = z
  .string()
  .trim()
  .max(500, 'Use at most 500 characters');

/** Says that a parent may be set below its children, which then all come to what the parent has. @public */
export const belowChildrenSchema = z.boolean().default(false).meta({
  description:
    'Set it although levels below are set higher: both hold, so that the lower one decides',
});

function problemOfCount(count: number): string | undefined {
  if (count === 0) {
    return 'Zero would refuse every request: take the access away instead';
  }
  if (count < 0) return 'It cannot be negative';
  if (!Number.isInteger(count)) return 'Enter a whole number';
  if (!Number.isSafeInteger(count)) {
    return `The most that is counted exactly is ${Number.MAX_SAFE_INTEGER}`;
  }
  return undefined;
}

function problemOfUsd(text: string): string | undefined {
  const parsed = parseUsd(text);
  if (!parsed.ok) {
    return parsed.problem === 'too-precise'
      ? 'Use at most nine digits after the point: a nano-dollar is the smallest amount that is kept'
      : 'Enter an amount in dollars, such as 250';
  }
  if (parsed.nanoUsd === 0n) {
    return 'Zero would refuse every request: take the access away instead';
  }
  if (parsed.nanoUsd < 0n) return 'It cannot be negative';
  if (parsed.nanoUsd > MOST_NANO_USD) {
    return `The most that is counted exactly is ${nanoToUsd(MOST_NANO_USD)} dollars`;
  }
  return undefined;
}
