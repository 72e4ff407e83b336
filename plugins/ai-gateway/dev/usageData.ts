import {
  nanoToUsd,
  type UsageFigures,
  type UsageReport,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import {
  figuresOf,
  reportOf,
} from '../src/components/usage/__testUtils__/usageReports';

const HOUR_MS = 3_600_000;
const BUCKET_MS = { hour: HOUR_MS, day: 24 * HOUR_MS };

/** Requests at the busiest moment of a bucket, tokens of each, and nano-dollars for each token, by what they are spent on. */
const SPENDERS = {
  model: { 'gpt-5.2': [90, 4_200, 3_100], 'gpt-5-mini': [240, 1_900, 420] },
  key: { 'payments-prod': [260, 2_400, 900], 'my-laptop': [30, 1_100, 420] },
  project: {
    payments: [250, 2_300, 1_100],
    'checkout-assistant': [70, 900, 600],
  },
} as const;

/** A week that goes up and down as offices do: the same for every reader of the same span. */
export function usageBetween(query: {
  from: string;
  to: string;
  bucket: 'hour' | 'day';
  timeZone: string;
  groupBy: keyof typeof SPENDERS;
}): UsageReport {
  const { from, to, bucket, timeZone, groupBy } = query;
  const start = Date.parse(from);
  const end = Date.parse(to);
  const starts: number[] = [];
  for (let at = start; at < end; at += BUCKET_MS[bucket]) starts.push(at);

  const groups = Object.fromEntries(
    Object.entries(SPENDERS[groupBy]).map(([id, rates]) => [
      id,
      starts.map((at, index) => figuresAt(at, index, rates)),
    ]),
  );
  const report = reportOf(groups, {
    from,
    to,
    bucket,
    timeZone,
    groupBy,
    buckets: starts.map(at => ({
      start: new Date(at).toISOString(),
      end: new Date(Math.min(at + BUCKET_MS[bucket], end)).toISOString(),
      incomplete: at + BUCKET_MS[bucket] > Date.now(),
    })),
  });
  return {
    ...report,
    previousTotals: report.groups[0]?.totals ?? report.totals,
  };
}

function figuresAt(
  at: number,
  index: number,
  [peak, tokens, nanoUsdPerToken]: readonly [number, number, number],
): UsageFigures {
  if (at > Date.now()) return figuresOf();
  const requests = Math.round(peak * (0.55 + 0.45 * Math.sin(index * 0.9)));
  const input = requests * tokens;
  const output = Math.round(input * 0.3);
  return figuresOf({
    requests,
    errors: Math.floor(requests / 60),
    tokens: { input, output },
    costUsd: nanoToUsd(BigInt(input + output) * BigInt(nanoUsdPerToken)),
    latencyMs: requests === 0 ? null : 840,
    timeToFirstTokenMs: requests === 0 ? null : 210,
  });
}
