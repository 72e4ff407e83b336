import type {
  IncomingHttpHeaders,
  IncomingMessage,
  ServerResponse,
} from 'node:http';
import type { PromptCache } from './anthropic/promptCache';
import type { Behaviours } from './behaviour/behaviours';
import type { Catalogue } from './catalogue';
import type { StatsCollector } from './stats';

/** What handlers share; made once per simulator. */
export interface Simulator {
  readonly catalogue: Catalogue;
  readonly stats: StatsCollector;
  readonly behaviours: Behaviours;
  readonly promptCache: PromptCache;
  readonly apiKey: string | undefined;
  /** A managed identity's token that the Azure URLs accept. */
  readonly azureToken: string | undefined;
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
  /**
   * The handler of a path (without its query), or undefined if the path is not of this dialect. Dialects that
   * share a path tell themselves apart by a header.
   */
  route(
    method: string,
    path: string,
    headers: IncomingHttpHeaders,
  ): Handler | undefined;
}
