import {
  MAX_USAGE_BUCKETS,
  OTHER_GROUP_ID,
  type usageQuerySchema,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { z } from 'zod';
import type { Stores } from '../database/Stores';
import type { UsageCell, UsageSums } from '../database/usage/UsageStore';
import { ValidationError } from '../errors';
import type { ProjectFilter } from '../permissions/resources';
import type { Scope } from '../permissions/Scope';
import { bucketsOf, hourOf, hoursOf, type Bucket } from '../usage/buckets';
import { addSums, NO_USAGE } from '../usage/sums';

/** Nothing was metered before, and calendars get odd. */
const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);

/** Usage over time, summed up. */
export interface UsageSeries {
  readonly from: number;
  readonly to: number;
  readonly buckets: ReadonlyArray<Bucket & { readonly incomplete: boolean }>;
  /** Most expensive first, what is beyond the top ones last. */
  readonly groups: ReadonlyArray<{
    readonly id: string;
    readonly label: string;
    readonly totals: UsageSums;
    /** One for each bucket. */
    readonly points: readonly UsageSums[];
  }>;
  readonly totals: UsageSums;
  /** Of the span of the same length just before. */
  readonly previousTotals: UsageSums;
}

/** Usage and cost, from the ledger's hourly sums. */
export class UsageService {
  readonly #stores: Stores;
  readonly #clock: () => number;

  static create(options: {
    stores: Stores;
    clock: () => number;
  }): UsageService {
    return new UsageService(options.stores, options.clock);
  }

  private constructor(stores: Stores, clock: () => number) {
    this.#stores = stores;
    this.#clock = clock;
  }

  /** @throws ValidationError when the span is empty, or has too many buckets */
  async report(
    scope: Scope<ProjectFilter>,
    query: z.output<typeof usageQuerySchema>,
  ): Promise<UsageSeries> {
    const { usage, projects } = this.#stores;
    const now = this.#clock();
    const span = spanOf(query);
    const buckets = bucketsWithin(span, query);
    const hours = hoursOf(span, now);
    const filter = {
      projectIds:
        scope.kind === 'everything' ? null : await projects.ids(scope),
      projectId: query.projectId,
      modelId: query.modelId,
      apiKeyId: query.apiKeyId,
    };
    const [cells, previousTotals] = await Promise.all([
      usage.cells(filter, {
        starts: buckets.map(bucket => new Date(hourOf(bucket.start))),
        until: new Date(hours.until),
        groupBy: query.groupBy,
        top: query.top,
      }),
      usage.totals(
        filter,
        new Date(hours.from - (hours.until - hours.from)),
        new Date(hours.from),
      ),
    ]);
    const groups = groupsOf(cells, buckets.length);
    const labels = await usage.labels(
      query.groupBy,
      groups.map(group => group.id),
    );
    return {
      from: span.start,
      to: span.end,
      buckets: buckets.map(bucket => ({
        ...bucket,
        incomplete: bucket.start <= now && now < bucket.end,
      })),
      groups: groups.map(group => ({
        ...group,
        label:
          group.id === OTHER_GROUP_ID
            ? 'Other'
            : (labels.get(group.id) ?? group.id),
      })),
      totals: groups.reduce(
        (sums, group) => addSums(sums, group.totals),
        NO_USAGE,
      ),
      previousTotals,
    };
  }
}

function spanOf(query: { from: string; to: string }): Bucket {
  const start = Date.parse(query.from);
  const end = Date.parse(query.to);
  for (const [path, at] of [
    ['from', start],
    ['to', end],
  ] as const) {
    if (at < EARLIEST || at > LATEST) {
      throw ValidationError.of(path, 'Choose a time from the year 2000 on');
    }
  }
  if (start >= end) {
    throw ValidationError.of('to', 'Choose an end after the start');
  }
  return { start, end };
}

function bucketsWithin(
  span: Bucket,
  query: { bucket: 'hour' | 'day'; timeZone: string },
): Bucket[] {
  const buckets = bucketsOf(
    span.start,
    span.end,
    query.bucket,
    query.timeZone,
    MAX_USAGE_BUCKETS + 1,
  );
  if (buckets.length > MAX_USAGE_BUCKETS) {
    throw ValidationError.of(
      'bucket',
      query.bucket === 'hour'
        ? `The span has more than ${MAX_USAGE_BUCKETS} hours: choose a shorter one, or days`
        : `The span has more than ${MAX_USAGE_BUCKETS} days: choose a shorter one`,
    );
  }
  return buckets;
}

function groupsOf(cells: readonly UsageCell[], length: number) {
  const groups = new Map<string, { totals: UsageSums; points: UsageSums[] }>();
  for (const { bucket, groupId, sums } of cells) {
    let group = groups.get(groupId);
    if (!group) {
      group = {
        totals: NO_USAGE,
        points: Array.from({ length }, () => NO_USAGE),
      };
      groups.set(groupId, group);
    }
    group.points[bucket] = sums;
    group.totals = addSums(group.totals, sums);
  }
  return [...groups]
    .map(([id, group]) => ({ id, ...group }))
    .sort(
      (a, b) =>
        Number(a.id === OTHER_GROUP_ID) - Number(b.id === OTHER_GROUP_ID) ||
        compare(b.totals.costNanoUsd, a.totals.costNanoUsd) ||
        compare(b.totals.requests, a.totals.requests) ||
        compare(a.id, b.id),
    );
}

function compare<T extends bigint | number | string>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
