import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Catalogue } from './catalogue';
import type { StatsCollector } from './stats';

/** What handlers share; made once per simulator. */
export interface Simulator {
  readonly catalogue: Catalogue;
  readonly stats: StatsCollector;
  readonly apiKey: string | undefined;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Seconds since 1970, for `created`. */
  readonly unixTime: () => number;
  /** A new unique string of letters and digits. */
  readonly newId: () => string;
}

export type Handler = (
  req: IncomingMessage,
  res: ServerResponse,
  simulator: Simulator,
) => void | Promise<void>;

/**
 * One provider's way of speaking: its paths, bodies, errors and stream events. What is behind them (text, token
 * counts, pace, faults, statistics) is common to all. A dialect is a folder beside `openai/`, listed in `server.ts`.
 */
export interface Dialect {
  /** The handler of a path (without its query), or undefined if the path is not of this dialect. */
  route(method: string, path: string): Handler | undefined;
}
