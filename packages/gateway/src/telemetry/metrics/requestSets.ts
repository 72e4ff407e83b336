import { Counter, Histogram, type Registry } from 'prom-client';
import { ADDED, DURATION } from './buckets';
import { LabelSets } from './LabelSets';

/** What is counted of requests. */
export function requestSets(registry: Registry, maxLabelSets: number) {
  const registers = [registry];
  const requests = new Counter({
    name: 'aigateway_requests_total',
    help: 'Requests that are over, by what they ended with and whose doing it was',
    labelNames: ['endpoint', 'model', 'status', 'code', 'blame'],
    registers,
  });
  const labelNames = ['endpoint', 'model'] as const;
  const duration = new Histogram({
    name: 'aigateway_request_duration_seconds',
    help: 'From the headers of a request to the end of its answer',
    labelNames,
    buckets: DURATION,
    registers,
  });
  const added = new Histogram({
    name: 'aigateway_added_latency_seconds',
    help: "The gateway's own part of a request that went upstream: without waiting for the upstream and for the client's body",
    labelNames,
    buckets: ADDED,
    registers,
  });
  const upstream = new Histogram({
    name: 'aigateway_upstream_duration_seconds',
    help: 'The part of a request in which it waited for upstreams, all attempts together',
    labelNames,
    buckets: DURATION,
    registers,
  });
  return {
    ends: LabelSets.create({
      max: maxLabelSets,
      create: labels => requests.labels(...labels),
    }),
    durations: LabelSets.create({
      max: maxLabelSets,
      create: labels => ({
        total: duration.labels(...labels),
        added: added.labels(...labels),
        upstream: upstream.labels(...labels),
      }),
    }),
  };
}
