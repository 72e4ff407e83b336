import type { ServerResponse } from 'node:http';
import type { Exchange } from './exchange';

const EXCHANGE = Symbol('exchange');

interface Noted {
  [EXCHANGE]?: Exchange;
}

/** Notes what is known of a request from its start on. */
export function setExchange(
  res: ServerResponse & Noted,
  exchange: Exchange,
): void {
  res[EXCHANGE] = exchange;
}

/** What is known of a request; every one has been noted before anyone else sees it. */
export function exchangeOf(res: ServerResponse & Noted): Exchange {
  const exchange = res[EXCHANGE];
  if (!exchange) throw new TypeError('The request was not noted');
  return exchange;
}
