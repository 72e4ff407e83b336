import { Counter, Histogram, type Registry } from 'prom-client';
import { FIRST_TOKEN } from './buckets';
import { LabelSets } from './LabelSets';

/** What is counted of attempts at upstreams, and of what they use. */
export function attemptSets(registry: Registry, maxLabelSets: number) {
  const registers = [registry];
  const attempts = new Counter({
    name: 'aigateway_attempts_total',
    help: 'Attempts at upstreams that are over, streamed or whole, by their outcome',
    labelNames: ['endpoint', 'model', 'provider', 'kind', 'outcome', 'code'],
    registers,
  });
  const labelNames = ['model', 'provider'] as const;
  const tokens = new Counter({
    name: 'aigateway_tokens_total',
    help: 'Tokens used, by class; classes do not overlap',
    labelNames: [...labelNames, 'class'],
    registers,
  });
  const cost = new Counter({
    name: 'aigateway_cost_usd_total',
    help: 'What was used, in US dollars, rounded to what a float holds: the ledger is exact',
    labelNames,
    registers,
  });
  const firstToken = new Histogram({
    name: 'aigateway_time_to_first_token_seconds',
    help: 'From the headers of a request to the first piece of a streamed answer',
    labelNames,
    buckets: FIRST_TOKEN,
    registers,
  });
  return {
    ends: LabelSets.create({
      max: maxLabelSets,
      create: labels => attempts.labels(...labels),
    }),
    tokens: LabelSets.create({
      max: maxLabelSets,
      create: labels => tokens.labels(...labels),
    }),
    spending: LabelSets.create({
      max: maxLabelSets,
      create: labels => ({
        cost: cost.labels(...labels),
        firstToken: firstToken.labels(...labels),
      }),
    }),
  };
}
