import type { Response } from 'express';
import type { Exchange } from './exchange';

const EXCHANGE = Symbol('exchange');

interface Locals {
  [EXCHANGE]?: Exchange;
}

/** Notes what is known of a request from its start on. */
export function setExchange(res: Response, exchange: Exchange): void {
  const locals: Locals = res.locals;
  locals[EXCHANGE] = exchange;
}

/** What is known of a request; every one has been noted before any route sees it. */
export function exchangeOf(res: Response): Exchange {
  const locals: Locals = res.locals;
  const exchange = locals[EXCHANGE];
  if (!exchange) throw new TypeError('The request was not noted');
  return exchange;
}
