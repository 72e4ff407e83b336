import type { Registry } from 'prom-client';
import { ADDED, DURATION } from './buckets';
import { Distribution, tellDistributions } from './Distribution';
import { LabelSets } from './LabelSets';
import { Tally, tellTallies } from './Tally';

/** What is counted of requests. */
export function requestSets(registry: Registry, max: number) {
  const ends = LabelSets.create({ max, create: () => new Tally() });
  tellTallies(
    registry,
    {
      name: 'aigateway_requests_total',
      help: 'Requests that are over, by what they ended with and whose doing it was',
      labelNames: ['endpoint', 'model', 'status', 'code', 'blame'],
    },
    ends,
    tally => tally,
  );
  const durations = LabelSets.create({
    max,
    create: () => ({
      total: new Distribution(DURATION),
      added: new Distribution(ADDED),
      upstream: new Distribution(DURATION),
    }),
  });
  const labelNames = ['endpoint', 'model'] as const;
  tellDistributions(
    registry,
    {
      name: 'aigateway_request_duration_seconds',
      help: 'From the headers of a request to the end of its answer',
      labelNames,
    },
    durations,
    ({ total }) => total,
  );
  tellDistributions(
    registry,
    {
      name: 'aigateway_added_latency_seconds',
      help: "The gateway's own part of a request that went upstream: without waiting for the upstream and for the client's body",
      labelNames,
    },
    durations,
    ({ added }) => added,
  );
  tellDistributions(
    registry,
    {
      name: 'aigateway_upstream_duration_seconds',
      help: 'The part of a request in which it waited for upstreams, all attempts together',
      labelNames,
    },
    durations,
    ({ upstream }) => upstream,
  );
  return { ends, durations };
}
