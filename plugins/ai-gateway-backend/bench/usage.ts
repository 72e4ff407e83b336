/**
 * How long a usage report takes with a year of usage in the database: query, sums and rendering, without HTTP.
 *
 *     BENCH_POSTGRES_URL=postgresql://postgres@127.0.0.1:5432/postgres yarn bench:usage
 *
 * Makes a database of its own on that server and drops it afterwards. `BENCH_BUSY` is the share of its hours in which a key is used
 * (0.2: 1.75 million rows), `BENCH_RUNS` how often each report is asked for.
 */
import {
  usageQuerySchema,
  usageReportSchema,
  type UsageQuery,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { Knex } from 'knex';
import { createStores } from '../src/database/Stores';
import type { ProjectFilter } from '../src/permissions/resources';
import type { Scope } from '../src/permissions/Scope';
import { renderUsage } from '../src/render/renderUsage';
import { UsageService } from '../src/services/UsageService';
import { DAY, END, print, timed, withYearOfUsage } from './yearOfUsage';

const RUNS = Number(process.env.BENCH_RUNS ?? 30);

const EVERYTHING: Scope<ProjectFilter> = { kind: 'everything' };
const ONE_TEAM: Scope<ProjectFilter> = {
  kind: 'where',
  criteria: { ownerRefs: ['group:default/team-3'] },
};

const READERS: ReadonlyArray<readonly [string, Scope<ProjectFilter>]> = [
  ['engineer', ONE_TEAM],
  ['admin', EVERYTHING],
];

const SPANS: ReadonlyArray<
  readonly [string, number, NonNullable<UsageQuery['bucket']>]
> = [
  ['24 hours', 1, 'hour'],
  ['7 days', 7, 'hour'],
  ['30 days', 30, 'day'],
  ['90 days', 90, 'day'],
  ['a year', 365, 'day'],
];

async function measure(db: Knex): Promise<void> {
  const service = UsageService.create({
    stores: createStores(db),
    clock: () => END - 1,
  });
  print('reader    span      by       p50 ms  p95 ms');
  for (const [reader, scope] of READERS) {
    for (const [span, days, bucket] of SPANS) {
      for (const groupBy of ['model', 'key', 'project'] as const) {
        const query = usageQuerySchema.parse({
          from: new Date(END - days * DAY).toISOString(),
          to: new Date(END).toISOString(),
          timeZone: 'Europe/Berlin',
          bucket,
          groupBy,
        });
        const { p50, p95 } = await timed(RUNS, async () =>
          usageReportSchema.parse(
            renderUsage(await service.report(scope, query), query),
          ),
        );
        print(
          [
            reader.padEnd(9),
            span.padEnd(9),
            groupBy.padEnd(8),
            p50.toFixed(0).padStart(6),
            p95.toFixed(0).padStart(7),
          ].join(' '),
        );
      }
    }
  }
}

withYearOfUsage('ai_gateway_bench_usage', measure).catch(error => {
  process.stderr.write(`${error}\n`);
  process.exitCode = 1;
});
