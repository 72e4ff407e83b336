import { z } from 'zod';
import {
  belowChildrenSchema,
  limitAmountSchema,
  noteSchema,
  whenDegradedSchema,
} from './amounts';
import { defineEndpoint } from './endpoint';
import { timestampSchema, uuidSchema, versionSchema } from './fields';
import { changeSchema } from './history';
import { pageOf, pageQuerySchema } from './page';
import { subjectQueryShape, subjectSchema } from './subjects';

/** What a limit counts. Tokens are those of all classes. @public */
export const limitMeasureSchema = z.enum(
  ['requests', 'tokens', 'concurrency'],
  'What can be limited: requests, tokens, concurrency',
);

/** Over which time; `minute` slides, days, weeks and months follow the calendar in UTC, `none` belongs to concurrency. @public */
export const limitWindowSchema = z.enum(
  ['minute', 'day', 'week', 'month', 'total', 'none'],
  'The windows are minute, day, week, month, total, and none for concurrency',
);

/** At most so many requests, tokens or concurrent requests of a subject. @public */
export const limitSchema = z
  .object({
    id: uuidSchema,
    subject: subjectSchema,
    measure: limitMeasureSchema,
    window: limitWindowSchema,
    amount: limitAmountSchema,
    /** What it comes to at present; `null` when it is a fraction of nothing. */
    effective: z.number().int().nullable(),
    /** Why it cannot hold as it is, such as that a level above was lowered since; `null` when it can. */
    problem: z.string().nullable(),
    whenDegraded: whenDegradedSchema,
    note: z.string(),
    version: versionSchema,
    createdAt: timestampSchema,
    createdBy: z.string(),
    updatedAt: timestampSchema,
    updatedBy: z.string(),
  })
  .meta({ id: 'Limit' });

/** {@inheritDoc limitSchema} @public */
export type Limit = z.infer<typeof limitSchema>;

/** What an admin enters to set a limit. @public */
export const createLimitSchema = z
  .strictObject({
    subject: subjectSchema,
    measure: limitMeasureSchema,
    window: limitWindowSchema,
    amount: limitAmountSchema,
    whenDegraded: whenDegradedSchema.default(null),
    note: noteSchema.default(''),
    belowChildren: belowChildrenSchema,
  })
  .superRefine(({ measure, window }, context) => {
    if ((measure === 'concurrency') === (window === 'none')) return;
    context.addIssue({
      code: 'custom',
      path: ['window'],
      message:
        measure === 'concurrency'
          ? "Concurrency is counted at an instant: its window is 'none'"
          : `The window of ${measure} is one of minute, day, week, month, total`,
    });
  })
  .meta({ id: 'CreateLimit' });

/** {@inheritDoc createLimitSchema} @public */
export type CreateLimit = z.output<typeof createLimitSchema>;

/** What may change of a limit: for another subject, measure or window, set another limit. @public */
export const updateLimitSchema = z
  .strictObject({
    version: versionSchema,
    amount: limitAmountSchema.optional(),
    whenDegraded: whenDegradedSchema.optional(),
    note: noteSchema.optional(),
    belowChildren: belowChildrenSchema,
  })
  .meta({ id: 'UpdateLimit' });

/** {@inheritDoc updateLimitSchema} @public */
export type UpdateLimit = z.output<typeof updateLimitSchema>;

/** Which limits. @public */
export const listLimitsQuerySchema = pageQuerySchema.extend(subjectQueryShape);

const params = z.object({ limitId: uuidSchema });
const tag = 'Limits';

/** Routes of limits. @public */
export const limitEndpoints = {
  listLimits: defineEndpoint({
    operationId: 'listLimits',
    method: 'get',
    path: '/limits',
    tag,
    summary: 'List the limits that concern the caller, widest subject first',
    query: listLimitsQuerySchema,
    status: 200,
    response: pageOf(limitSchema),
  }),
  createLimit: defineEndpoint({
    operationId: 'createLimit',
    method: 'post',
    path: '/limits',
    tag,
    summary: 'Set a limit',
    body: createLimitSchema,
    status: 201,
    response: limitSchema,
  }),
  getLimit: defineEndpoint({
    operationId: 'getLimit',
    method: 'get',
    path: '/limits/{limitId}',
    tag,
    summary: 'Get a limit',
    params,
    status: 200,
    response: limitSchema,
  }),
  updateLimit: defineEndpoint({
    operationId: 'updateLimit',
    method: 'patch',
    path: '/limits/{limitId}',
    tag,
    summary:
      'Change a limit, from the next request on; what was counted stays counted',
    params,
    body: updateLimitSchema,
    status: 200,
    response: limitSchema,
  }),
  deleteLimit: defineEndpoint({
    operationId: 'deleteLimit',
    method: 'delete',
    path: '/limits/{limitId}',
    tag,
    summary: 'Remove a limit on which no fraction depends',
    params,
    status: 204,
  }),
  getLimitHistory: defineEndpoint({
    operationId: 'getLimitHistory',
    method: 'get',
    path: '/limits/{limitId}/history',
    tag,
    summary:
      'Who changed a limit, when and how, newest first; of a removed one too',
    params,
    query: pageQuerySchema,
    status: 200,
    response: pageOf(changeSchema),
  }),
};
