import type { LimitCounter } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { EntryFigures } from '../../limits/Limiter';
import type { Amounts } from './Amounts';

/** Of what is left of a counter, an allowance takes no more than one part in so many for each that there is: others use it, too. */
const SHARE = 32;
/** Fewer requests than this are not worth an allowance. */
export const LEAST_REQUESTS = 4;
/** More than are expected, since they do not come evenly. */
const MARGIN = 1.5;

type Standing = Pick<EntryFigures, 'remaining'> & {
  readonly counter: Pick<LimitCounter, 'measure'>;
};

/**
 * How much to reserve ahead for requests that are expected; `null`: nothing, since there are too few of them, or too little is left.
 *
 * The nearer a limit, the smaller an allowance, until there is none, and each request is reserved by itself: so at the limit it is exact.
 *
 * @param expected - how many requests
 * @param mean - what one of them takes
 * @param standings - of all that is counted for them
 * @param others - allowances that there are, and that may count on the same levels
 */
export function lumpOf(
  expected: number,
  mean: Amounts,
  standings: readonly Standing[],
  others: number = 0,
): Amounts | null {
  const parts = SHARE * (1 + others);
  let requests = Math.ceil(expected * MARGIN);
  for (const { counter, remaining } of standings) {
    const one = amountOf(counter, mean);
    if (one === null) return null;
    if (one > 0) requests = Math.min(requests, remaining / parts / one);
  }
  requests = Math.floor(requests);
  if (requests < LEAST_REQUESTS) return null;
  return {
    requests,
    tokens: Math.ceil(requests * mean.tokens),
    money: Math.ceil(requests * mean.money),
  };
}

/** What of some amounts a counter counts; `null`: those that are there at the same time, which cannot be reserved ahead. */
export function amountOf(
  { measure }: Pick<LimitCounter, 'measure'>,
  amounts: Amounts,
): number | null {
  return measure === 'concurrency' ? null : amounts[measure];
}
