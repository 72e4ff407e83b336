import {
  nanoToUsd,
  OTHER_GROUP_ID,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import fc from 'fast-check';
import { amountOf, USAGE_METRICS } from './figures';
import { rankGroups } from './ranking';
import { usageSeries } from './series';
import { figuresOf, reportOf } from './__testUtils__/usageReports';

const point = fc
  .record({
    requests: fc.nat({ max: 1e6 }),
    input: fc.nat({ max: 1e9 }),
    output: fc.nat({ max: 1e9 }),
    nano: fc.bigInt({ min: 0n, max: 10n ** 20n }),
  })
  .map(({ requests, input, output, nano }) =>
    figuresOf({
      requests,
      costUsd: nanoToUsd(nano),
      tokens: { input, output },
    }),
  );
const reports = fc
  .integer({ min: 1, max: 6 })
  .chain(length =>
    fc.dictionary(
      fc.constantFrom('a', 'b', 'c', OTHER_GROUP_ID),
      fc.array(point, { minLength: length, maxLength: length }),
    ),
  )
  .map(groups => reportOf(groups));

describe('usageSeries', () => {
  it('has a row for each bucket, and its rows and groups add up to the totals exactly', () => {
    fc.assert(
      fc.property(reports, fc.constantFrom(...USAGE_METRICS), (report, m) => {
        const series = usageSeries(report, m);
        const sum = (amounts: readonly bigint[]) =>
          amounts.reduce((all, amount) => all + amount, 0n);
        expect(series.rows.map(row => row.start)).toEqual(
          report.buckets.map(bucket => bucket.start),
        );
        expect(sum(series.rows.map(row => row.total))).toBe(series.total);
        expect(sum(series.groups.map(group => group.total))).toBe(series.total);
        expect(series.total).toBe(amountOf(m, report.totals));
        series.groups.forEach((group, i) =>
          expect(sum(series.rows.map(row => row.amounts[i]))).toBe(group.total),
        );
      }),
    );
  });

  it('puts the largest of the metric first and the rest last', () => {
    const report = reportOf({
      [OTHER_GROUP_ID]: [figuresOf({ requests: 900, costUsd: '900' })],
      dear: [figuresOf({ requests: 1, costUsd: '5' })],
      busy: [figuresOf({ requests: 50, costUsd: '0.01' })],
    });
    const ids = (metric: 'cost' | 'requests') =>
      usageSeries(report, metric).groups.map(group => group.id);
    expect(ids('cost')).toEqual(['dear', 'busy', OTHER_GROUP_ID]);
    expect(ids('requests')).toEqual(['busy', 'dear', OTHER_GROUP_ID]);
  });

  it('marks the running bucket as incomplete', () => {
    const { rows } = usageSeries(
      reportOf({ a: [figuresOf(), figuresOf()] }),
      'cost',
    );
    expect(rows.map(row => row.incomplete)).toEqual([false, true]);
  });

  it('tells groups of the same label apart, and calls the rest by our name', () => {
    const report = reportOf({
      k1: [figuresOf()],
      k2: [figuresOf()],
      k3: [figuresOf()],
      [OTHER_GROUP_ID]: [figuresOf()],
    });
    report.groups[0].label = 'ci';
    report.groups[1].label = 'ci';
    expect(usageSeries(report, 'cost').groups.map(g => g.label)).toEqual([
      'ci (k1)',
      'ci (k2)',
      'k3',
      'Other',
    ]);
  });
});

describe('rankGroups', () => {
  it('ranks with shares of the whole', () => {
    const report = reportOf({
      a: [figuresOf({ costUsd: '1' })],
      b: [figuresOf({ costUsd: '3' })],
    });
    expect(
      rankGroups(report, usageSeries(report, 'cost')).map(
        ({ id, amount, share }) => [id, amount, share],
      ),
    ).toEqual([
      ['b', 3_000_000_000n, 0.75],
      ['a', 1_000_000_000n, 0.25],
    ]);
  });

  it('knows no shares where nothing was used', () => {
    const report = reportOf({ a: [figuresOf()] });
    const [only] = rankGroups(report, usageSeries(report, 'tokens'));
    expect(only.share).toBeNull();
  });
});
