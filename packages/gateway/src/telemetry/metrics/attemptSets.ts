import type { Registry } from 'prom-client';
import { FIRST_TOKEN } from './buckets';
import { Distribution, tellDistributions } from './Distribution';
import { LabelSets } from './LabelSets';
import { Tally, tellTallies } from './Tally';

/** What is counted of attempts at upstreams, and of what they use. */
export function attemptSets(registry: Registry, max: number) {
  const ends = LabelSets.create({ max, create: () => new Tally() });
  tellTallies(
    registry,
    {
      name: 'aigateway_attempts_total',
      help: 'Attempts at upstreams that are over, streamed or whole, by their outcome',
      labelNames: ['endpoint', 'model', 'provider', 'kind', 'outcome', 'code'],
    },
    ends,
    tally => tally,
  );
  const tokens = LabelSets.create({ max, create: () => new Tally() });
  const labelNames = ['model', 'provider'] as const;
  tellTallies(
    registry,
    {
      name: 'aigateway_tokens_total',
      help: 'Tokens used, by class; classes do not overlap',
      labelNames: [...labelNames, 'class'],
    },
    tokens,
    tally => tally,
  );
  const spending = LabelSets.create({
    max,
    create: () => ({
      cost: new Tally(),
      firstToken: new Distribution(FIRST_TOKEN),
    }),
  });
  tellTallies(
    registry,
    {
      name: 'aigateway_cost_usd_total',
      help: 'What was used, in US dollars, rounded to what a float holds: the ledger is exact',
      labelNames,
    },
    spending,
    ({ cost }) => cost,
  );
  tellDistributions(
    registry,
    {
      name: 'aigateway_time_to_first_token_seconds',
      help: 'From the headers of a request to the first piece of a streamed answer',
      labelNames,
    },
    spending,
    ({ firstToken }) => firstToken,
  );
  return { ends, tokens, spending };
}
