import { z } from 'zod';
import {
  belowChildrenSchema,
  budgetAmountInputSchema,
  budgetAmountSchema,
  noteSchema,
  whenDegradedSchema,
} from './amounts';
import { defineEndpoint } from './endpoint';
import {
  slugSchema,
  timestampSchema,
  usdSchema,
  uuidSchema,
  versionSchema,
} from './fields';
import { changeSchema } from './history';
import { pageOf, pageQuerySchema } from './page';
import { subjectQueryShape, subjectSchema } from './subjects';

/** Over which time a budget adds up; the calendar is UTC's and a week begins on Monday. @public */
export const budgetWindowSchema = z.enum(
  ['day', 'week', 'month', 'total'],
  'The windows of a budget are day, week, month and total',
);

const percent = z
  .number('Enter a percentage')
  .int('Enter a whole percentage')
  .min(1, 'Enter at least 1 percent')
  .max(1000, 'Enter at most 1,000 percent');

/** What happens when so much of a budget is spent. Everyone who listens is told once at each, whatever else it does. @public */
export const budgetThresholdSchema = z
  .discriminatedUnion('action', [
    z.strictObject({ percent, action: z.literal('notify') }),
    z.strictObject({
      percent,
      action: z.literal('throttle'),
      requestsPerMinute: z
        .number()
        .int('Enter a whole number of requests')
        .min(1, 'Enter at least one request a minute, or block')
        .max(1_000_000, 'Enter at most 1,000,000 requests a minute'),
    }),
    z.strictObject({
      percent,
      action: z.literal('downshift'),
      /** The model that requests go to instead. */
      model: slugSchema,
    }),
    z.strictObject({ percent, action: z.literal('block') }),
  ])
  .meta({ id: 'BudgetThreshold' });

/** {@inheritDoc budgetThresholdSchema} @public */
export type BudgetThreshold = z.infer<typeof budgetThresholdSchema>;

/** What a budget does unless it says otherwise. @public */
export const DEFAULT_BUDGET_THRESHOLDS: BudgetThreshold[] = [
  { percent: 80, action: 'notify' },
  { percent: 100, action: 'block' },
];

const thresholdsSchema = z
  .array(budgetThresholdSchema)
  .min(1, 'Say what happens at one percentage at least')
  .max(20, 'Use at most 20 thresholds')
  .superRefine((thresholds, context) => {
    thresholds.forEach((threshold, index) => {
      const before = thresholds[index - 1];
      if (!before) return;
      if (threshold.percent <= before.percent) {
        context.addIssue({
          code: 'custom',
          path: [index, 'percent'],
          message: 'Percentages rise, and each stands once',
        });
      } else if (before.action === 'block') {
        context.addIssue({
          code: 'custom',
          path: [index],
          message: `Nothing is reached after the block at ${before.percent} percent`,
        });
      }
    });
  });

const refusalStatusSchema = z
  .union([z.literal(402), z.literal(429)], 'Use 402 or 429')
  .meta({ description: 'The HTTP status of what a spent budget refuses' });

/** A threshold that was reached, once for each budget, window and threshold. @public */
export const budgetNoticeSchema = z
  .object({
    budgetId: uuidSchema,
    windowStart: timestampSchema,
    percent: z.number().int(),
    /** When it was seen. */
    noticedAt: timestampSchema,
    spentUsd: usdSchema,
    /** What the budget had then. */
    amountUsd: usdSchema,
  })
  .meta({ id: 'BudgetNotice' });

/** {@inheritDoc budgetNoticeSchema} @public */
export type BudgetNotice = z.infer<typeof budgetNoticeSchema>;

/** What a subject may spend in a window, and what happens on the way there. @public */
export const budgetSchema = z
  .object({
    id: uuidSchema,
    subject: subjectSchema,
    window: budgetWindowSchema,
    amount: budgetAmountSchema,
    /** What it comes to at present; `null` when it is a fraction of nothing. */
    effectiveUsd: usdSchema.nullable(),
    /** Why it cannot hold as it is; `null` when it can. */
    problem: z.string().nullable(),
    thresholds: z.array(budgetThresholdSchema),
    refusalStatus: refusalStatusSchema,
    whenDegraded: whenDegradedSchema,
    note: z.string(),
    /** The window that runs, by the ledger. What is under way is not in it yet. */
    running: z.object({
      startsAt: timestampSchema,
      /** `null`: never. */
      endsAt: timestampSchema.nullable(),
      spentUsd: usdSchema,
      /** Of the amount, to two digits after the point, rounded down; `null` when there is no amount. */
      percent: z.number().nullable(),
      notices: z.array(budgetNoticeSchema),
    }),
    version: versionSchema,
    createdAt: timestampSchema,
    createdBy: z.string(),
    updatedAt: timestampSchema,
    updatedBy: z.string(),
  })
  .meta({ id: 'Budget' });

/** {@inheritDoc budgetSchema} @public */
export type Budget = z.infer<typeof budgetSchema>;

/** What an admin enters to set a budget. @public */
export const createBudgetSchema = z
  .strictObject({
    subject: subjectSchema,
    window: budgetWindowSchema,
    amount: budgetAmountInputSchema,
    thresholds: thresholdsSchema.default(DEFAULT_BUDGET_THRESHOLDS),
    refusalStatus: refusalStatusSchema.default(402),
    whenDegraded: whenDegradedSchema.default(null),
    note: noteSchema.default(''),
    belowChildren: belowChildrenSchema,
  })
  .meta({ id: 'CreateBudget' });

/** {@inheritDoc createBudgetSchema} @public */
export type CreateBudget = z.output<typeof createBudgetSchema>;

/** What may change of a budget: for another subject or window, set another budget. @public */
export const updateBudgetSchema = z
  .strictObject({
    version: versionSchema,
    amount: budgetAmountInputSchema.optional(),
    thresholds: thresholdsSchema.optional(),
    refusalStatus: refusalStatusSchema.optional(),
    whenDegraded: whenDegradedSchema.optional(),
    note: noteSchema.optional(),
    belowChildren: belowChildrenSchema,
  })
  .meta({ id: 'UpdateBudget' });

/** {@inheritDoc updateBudgetSchema} @public */
export type UpdateBudget = z.output<typeof updateBudgetSchema>;

/** Which budgets. @public */
export const listBudgetsQuerySchema = pageQuerySchema.extend(subjectQueryShape);

const params = z.object({ budgetId: uuidSchema });
const tag = 'Budgets';

/** Routes of budgets. @public */
export const budgetEndpoints = {
  listBudgets: defineEndpoint({
    operationId: 'listBudgets',
    method: 'get',
    path: '/budgets',
    tag,
    summary:
      'List the budgets that concern the caller, with what is spent of each, widest subject first',
    query: listBudgetsQuerySchema,
    status: 200,
    response: pageOf(budgetSchema),
  }),
  createBudget: defineEndpoint({
    operationId: 'createBudget',
    method: 'post',
    path: '/budgets',
    tag,
    summary: 'Set a budget',
    body: createBudgetSchema,
    status: 201,
    response: budgetSchema,
  }),
  getBudget: defineEndpoint({
    operationId: 'getBudget',
    method: 'get',
    path: '/budgets/{budgetId}',
    tag,
    summary: 'Get a budget, with what is spent of it',
    params,
    status: 200,
    response: budgetSchema,
  }),
  updateBudget: defineEndpoint({
    operationId: 'updateBudget',
    method: 'patch',
    path: '/budgets/{budgetId}',
    tag,
    summary:
      'Change a budget, from the next request on; what was spent stays spent',
    params,
    body: updateBudgetSchema,
    status: 200,
    response: budgetSchema,
  }),
  deleteBudget: defineEndpoint({
    operationId: 'deleteBudget',
    method: 'delete',
    path: '/budgets/{budgetId}',
    tag,
    summary: 'Remove a budget on which no fraction depends',
    params,
    status: 204,
  }),
  getBudgetHistory: defineEndpoint({
    operationId: 'getBudgetHistory',
    method: 'get',
    path: '/budgets/{budgetId}/history',
    tag,
    summary:
      'Who changed a budget, when and how, newest first; of a removed one too',
    params,
    query: pageQuerySchema,
    status: 200,
    response: pageOf(changeSchema),
  }),
  listBudgetNotices: defineEndpoint({
    operationId: 'listBudgetNotices',
    method: 'get',
    path: '/budgets/{budgetId}/notices',
    tag,
    summary: 'List the thresholds of a budget that were reached, newest first',
    params,
    query: pageQuerySchema,
    status: 200,
    response: pageOf(budgetNoticeSchema),
  }),
};
