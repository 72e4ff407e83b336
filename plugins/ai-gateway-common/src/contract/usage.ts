import { z } from 'zod';
import { apiKeyIdSchema } from './apiKeys';
import { defineEndpoint } from './endpoint';
import {
  slugSchema,
  timestampInputSchema,
  timestampSchema,
  usdSchema,
} from './fields';

/** The most buckets that one report may have. @public */
export const MAX_USAGE_BUCKETS = 800;

/** Tokens by class; the classes are disjoint, so that their sum is the number of tokens. @public */
export const tokenCountsSchema = z
  .object({
    input: z.number().int(),
    cachedInput: z.number().int(),
    cacheWrite: z.number().int(),
    output: z.number().int(),
    reasoning: z.number().int(),
    audio: z.number().int(),
    image: z.number().int(),
  })
  .meta({ id: 'TokenCounts' });

/** {@inheritDoc tokenCountsSchema} @public */
export type TokenCounts = z.infer<typeof tokenCountsSchema>;

/** What was used in some span. @public */
export const usageFiguresSchema = z
  .object({
    requests: z.number().int(),
    /** Requests of those that did not complete. */
    errors: z.number().int(),
    tokens: tokenCountsSchema,
    costUsd: usdSchema,
    /** Mean over the requests, in milliseconds; `null` when there were none. */
    latencyMs: z.number().nullable(),
    timeToFirstTokenMs: z.number().nullable(),
  })
  .meta({ id: 'UsageFigures' });

/** {@inheritDoc usageFiguresSchema} @public */
export type UsageFigures = z.infer<typeof usageFiguresSchema>;

/** What a usage report is broken down by. @public */
export const usageGroupBySchema = z.enum(['model', 'key', 'project']);

/** {@inheritDoc usageGroupBySchema} @public */
export type UsageGroupBy = z.infer<typeof usageGroupBySchema>;

/** The id of the group that holds what is beyond the top ones. No model, key or project can have it. @public */
export const OTHER_GROUP_ID = '~other';

/** Which usage. @public */
export const usageQuerySchema = z.object({
  /** Start, included. */
  from: timestampInputSchema,
  /** End, excluded. */
  to: timestampInputSchema,
  bucket: z.enum(['hour', 'day']).default('day'),
  /** Whose days they are: an IANA zone. */
  timeZone: z
    .string()
    .max(64)
    .default('UTC')
    .refine(isTimeZone, 'Name an IANA time zone, such as Europe/Berlin'),
  groupBy: usageGroupBySchema.default('model'),
  /** How many groups stand on their own; the rest is summed up in one. */
  top: z.coerce.number().int().min(1).max(50).default(7),
  projectId: slugSchema.optional(),
  modelId: slugSchema.optional(),
  apiKeyId: apiKeyIdSchema.optional(),
});

/** {@inheritDoc usageQuerySchema} @public */
export type UsageQuery = z.input<typeof usageQuerySchema>;

/** Usage over time. @public */
export const usageReportSchema = z
  .object({
    from: timestampSchema,
    to: timestampSchema,
    bucket: z.enum(['hour', 'day']),
    timeZone: z.string(),
    groupBy: usageGroupBySchema,
    buckets: z.array(
      z.object({
        start: timestampSchema,
        end: timestampSchema,
        /** The running one, which still grows. */
        incomplete: z.boolean(),
      }),
    ),
    /** Most expensive first. */
    groups: z.array(
      z.object({
        id: z.string(),
        label: z.string(),
        totals: usageFiguresSchema,
        /** One for each bucket, zeros included. */
        points: z.array(usageFiguresSchema),
      }),
    ),
    totals: usageFiguresSchema,
    /** The same span just before. */
    previousTotals: usageFiguresSchema,
  })
  .meta({ id: 'UsageReport' });

/** {@inheritDoc usageReportSchema} @public */
export type UsageReport = z.infer<typeof usageReportSchema>;

/** Routes of usage. @public */
export const usageEndpoints = {
  getUsage: defineEndpoint({
    operationId: 'getUsage',
    method: 'get',
    path: '/usage',
    tag: 'Usage',
    summary:
      'Usage and cost over time, of the projects that the caller may see',
    query: usageQuerySchema,
    status: 200,
    response: usageReportSchema,
  }),
};

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}
