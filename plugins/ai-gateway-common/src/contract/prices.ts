import { z } from 'zod';
import { defineEndpoint } from './endpoint';
import {
  priceAmountSchema,
  timestampInputSchema,
  timestampSchema,
  usdSchema,
  uuidSchema,
} from './fields';

/**
 * The classes of tokens that have a price of their own. They are disjoint: a cached input token is not an input token as well.
 *
 * @public
 */
export const TOKEN_CLASSES = [
  'input',
  'cachedInput',
  'cacheWrite',
  'output',
  'reasoning',
  'audio',
  'image',
] as const;

/** {@inheritDoc TOKEN_CLASSES} @public */
export type TokenClass = (typeof TOKEN_CLASSES)[number];

/**
 * Amounts of a price, in dollars per million tokens of each class, and per request.
 *
 * A class that is `null` has no price of its own: cached input, cache writes, audio and images then cost what input costs, reasoning
 * what output costs, a request nothing.
 *
 * @public
 */
export const priceAmountsSchema = z
  .object({
    input: usdSchema,
    output: usdSchema,
    cachedInput: usdSchema.nullable(),
    cacheWrite: usdSchema.nullable(),
    reasoning: usdSchema.nullable(),
    audio: usdSchema.nullable(),
    image: usdSchema.nullable(),
    perRequest: usdSchema.nullable(),
  })
  .meta({ id: 'PriceAmounts' });

/** {@inheritDoc priceAmountsSchema} @public */
export type PriceAmounts = z.infer<typeof priceAmountsSchema>;

/** A price of a deployment; in force from its start until the next one starts. @public */
export const priceSchema = z
  .object({
    id: uuidSchema,
    deploymentId: uuidSchema,
    effectiveFrom: timestampSchema,
    /** When the next one starts; `null` for the last. */
    effectiveUntil: timestampSchema.nullable(),
    state: z.enum(['past', 'current', 'scheduled']),
    amounts: priceAmountsSchema,
    note: z.string().nullable(),
    createdAt: timestampSchema,
    createdBy: z.string(),
  })
  .meta({ id: 'Price' });

/** {@inheritDoc priceSchema} @public */
export type Price = z.infer<typeof priceSchema>;

const optionalAmount = priceAmountSchema.nullable().default(null);

/** A price to add. @public */
export const createPriceSchema = z
  .strictObject({
    /** When it starts; at once when left out. Never in the past: what was used is already billed. */
    effectiveFrom: timestampInputSchema.nullable().default(null),
    amounts: z.strictObject({
      input: priceAmountSchema,
      output: priceAmountSchema,
      cachedInput: optionalAmount,
      cacheWrite: optionalAmount,
      reasoning: optionalAmount,
      audio: optionalAmount,
      image: optionalAmount,
      perRequest: optionalAmount,
    }),
    note: z.string().trim().max(500).nullable().default(null),
  })
  .meta({ id: 'CreatePrice' });

/** {@inheritDoc createPriceSchema} @public */
export type CreatePrice = z.infer<typeof createPriceSchema>;

const params = z.object({ deploymentId: uuidSchema });
const tag = 'Prices';

/** Routes of prices. @public */
export const priceEndpoints = {
  listPrices: defineEndpoint({
    operationId: 'listPrices',
    method: 'get',
    path: '/deployments/{deploymentId}/prices',
    tag,
    summary: 'List the prices of a deployment, newest first',
    params,
    status: 200,
    response: z.object({ items: z.array(priceSchema) }),
  }),
  createPrice: defineEndpoint({
    operationId: 'createPrice',
    method: 'post',
    path: '/deployments/{deploymentId}/prices',
    tag,
    summary: 'Add a price to a deployment',
    params,
    body: createPriceSchema,
    status: 201,
    response: priceSchema,
  }),
};
