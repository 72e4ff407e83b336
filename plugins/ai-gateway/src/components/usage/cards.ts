import {
  formatCount,
  formatLatency,
  formatUsd,
  type UsageFigures,
  type UsageReport,
  usdToNano,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { type Change, changeOf, changeOfMeasure } from './change';
import { sumFigures, tokensIn, tokensOut } from './figures';
import {
  describeTokens,
  TOKEN_CLASSES_IN,
  TOKEN_CLASSES_OUT,
} from './tokenClasses';

/** One figure of the whole span. */
export interface UsageCardView {
  readonly id: 'requests' | 'tokensIn' | 'tokensOut' | 'cost' | 'latency';
  readonly title: string;
  readonly value: string;
  /** Empty where the value says it itself. */
  readonly unit: string;
  /** To the last digit, for a hover. */
  readonly exact: string;
  readonly change: Change;
  /** Says more about the figure; `tone` is set where it is good or bad. */
  readonly note?: { readonly text: string; readonly tone?: 'bad' };
  /** One for each bucket, for heights only; `null` where there is nothing to measure. */
  readonly trend: readonly (number | null)[];
}

/** The figures above the chart. */
export function usageCards(
  report: UsageReport,
  locale?: string,
): UsageCardView[] {
  const { totals, previousTotals } = report;
  const perBucket = report.buckets.map((_, index) =>
    sumFigures(report.groups.map(group => group.points[index])),
  );
  const trend = (pick: (figures: UsageFigures) => number | null) =>
    perBucket.map(pick);
  const count = (value: number) => ({
    value: formatCount(value, locale),
    exact: value.toLocaleString(locale),
  });
  const changeOfCount = (pick: (figures: UsageFigures) => number) =>
    changeOf(BigInt(pick(totals)), BigInt(pick(previousTotals)));
  const inOf = (figures: UsageFigures) => tokensIn(figures.tokens);
  const outOf = (figures: UsageFigures) => tokensOut(figures.tokens);

  return [
    {
      id: 'requests',
      title: 'Requests',
      ...count(totals.requests),
      unit: '',
      change: changeOfCount(figures => figures.requests),
      note: errorNote(totals, locale),
      trend: trend(figures => figures.requests),
    },
    {
      id: 'tokensIn',
      title: 'Tokens in',
      ...count(inOf(totals)),
      exact: describeTokens(totals.tokens, TOKEN_CLASSES_IN, locale),
      unit: 'tokens',
      change: changeOfCount(inOf),
      trend: trend(inOf),
    },
    {
      id: 'tokensOut',
      title: 'Tokens out',
      ...count(outOf(totals)),
      exact: describeTokens(totals.tokens, TOKEN_CLASSES_OUT, locale),
      unit: 'tokens',
      change: changeOfCount(outOf),
      trend: trend(outOf),
    },
    {
      id: 'cost',
      title: 'Cost',
      value: formatUsd(totals.costUsd, locale),
      unit: 'USD',
      exact: `$${totals.costUsd}`,
      change: changeOf(
        usdToNano(totals.costUsd),
        usdToNano(previousTotals.costUsd),
      ),
      trend: trend(figures => Number(usdToNano(figures.costUsd))),
    },
    {
      id: 'latency',
      title: 'Mean latency',
      value:
        totals.latencyMs === null
          ? '–'
          : formatLatency(totals.latencyMs, locale),
      unit: '',
      exact:
        totals.latencyMs === null
          ? 'No requests to measure'
          : `${totals.latencyMs.toLocaleString(locale)} ms`,
      change: changeOfMeasure(totals.latencyMs, previousTotals.latencyMs),
      note: firstTokenNote(totals, locale),
      trend: trend(figures => figures.latencyMs),
    },
  ];
}

function errorNote(
  { requests, errors }: UsageFigures,
  locale: string | undefined,
): UsageCardView['note'] {
  if (requests === 0) return undefined;
  if (errors === 0) return { text: 'No errors' };
  const share = new Intl.NumberFormat(locale, {
    style: 'percent',
    maximumSignificantDigits: 2,
  }).format(errors / requests);
  return { text: `${share} errors`, tone: 'bad' };
}

function firstTokenNote(
  { timeToFirstTokenMs }: UsageFigures,
  locale: string | undefined,
): UsageCardView['note'] {
  return timeToFirstTokenMs === null
    ? undefined
    : { text: `${formatLatency(timeToFirstTokenMs, locale)} to first token` };
}
