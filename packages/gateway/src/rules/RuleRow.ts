import { z } from 'zod';

/** An amount, as a string so that JSON keeps it exact. */
const amountSchema = z.string().regex(/^-?\d+$/);

const commonSchema = {
  id: z.string(),
  subjectKind: z.string(),
  subjectId: z.string(),
  /** It does not hold any more; the row is there so that gateways learn of it. */
  removed: z.boolean(),
};

const degradedSchema = {
  whenDegraded: z.string().nullable(),
  degradedFraction: z.number().nullable(),
};

/**
 * A limit, a budget or a policy as it stands in the database, in a form that can be kept in a file. What the database says may be of a
 * newer version than this gateway: `compileRule` judges it.
 */
export const ruleRowSchema = z.discriminatedUnion('table', [
  z.object({
    table: z.literal('limit'),
    ...commonSchema,
    ...degradedSchema,
    measure: z.string(),
    window: z.string(),
    amount: amountSchema.nullable(),
    fraction: z.number().nullable(),
  }),
  z.object({
    table: z.literal('budget'),
    ...commonSchema,
    ...degradedSchema,
    window: z.string(),
    /** In nano-dollars. */
    amount: amountSchema.nullable(),
    fraction: z.number().nullable(),
    thresholds: z.unknown(),
    refusalStatus: z.number(),
  }),
  z.object({
    table: z.literal('policy'),
    ...commonSchema,
    allowedModels: z.array(z.string()).nullable(),
    deniedModels: z.array(z.string()),
    allowedEndpoints: z.array(z.string()).nullable(),
    deniedEndpoints: z.array(z.string()),
    maxContextTokens: z.number().nullable(),
    maxOutputTokens: z.number().nullable(),
    whenExceeded: z.string(),
    bodyCapture: z.string().nullable(),
    bodyCaptureMaxBytes: z.number().nullable(),
  }),
]);

/** {@inheritDoc ruleRowSchema} */
export type RuleRow = z.infer<typeof ruleRowSchema>;
export type LimitRow = Extract<RuleRow, { table: 'limit' }>;
export type BudgetRow = Extract<RuleRow, { table: 'budget' }>;
export type PolicyRow = Extract<RuleRow, { table: 'policy' }>;
