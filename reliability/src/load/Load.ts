import { setTimeout as delay } from 'node:timers/promises';
import type { Client, Question } from './Client';
import type { Seen } from './Seen';

export interface LoadOptions {
  readonly client: Client;
  /** So many requests are under way at any time. */
  readonly workers: number;
  /** A load ends by itself, whatever happens. */
  readonly maxRequests: number;
  readonly maxMs: number;
  readonly question: (index: number) => Question;
  /** Where the next request goes; `undefined` when there is nowhere to send it at the moment. */
  readonly target: () => string | undefined;
  /** Between two requests of one worker. */
  readonly pauseMs?: number;
}

/** While nobody is there, asking again and again in no time would only heat the room. */
const UNREACHABLE_MS = 25;

/** Workers that ask one question after another, until they are told to stop or the load's bounds are reached. */
export class Load {
  readonly #options: LoadOptions;
  readonly #seen: Seen[] = [];
  readonly #workers: Promise<void[]>;
  readonly #startedAt = performance.now();
  #sent = 0;
  #stopped = false;

  static start(options: LoadOptions): Load {
    return new Load(options);
  }

  private constructor(options: LoadOptions) {
    this.#options = options;
    this.#workers = Promise.all(
      Array.from({ length: options.workers }, () => this.#work()),
    );
  }

  /** What has been seen so far. */
  get seen(): readonly Seen[] {
    return this.#seen;
  }

  /** Asks nothing more, and waits for what is under way. */
  async stop(): Promise<readonly Seen[]> {
    this.#stopped = true;
    await this.#workers;
    return this.#seen;
  }

  /** Waits until its bounds are reached. */
  async finished(): Promise<readonly Seen[]> {
    await this.#workers;
    return this.#seen;
  }

  #goesOn(): boolean {
    return (
      !this.#stopped &&
      this.#sent < this.#options.maxRequests &&
      performance.now() - this.#startedAt < this.#options.maxMs
    );
  }

  async #work(): Promise<void> {
    const { client, question, target, pauseMs = 0 } = this.#options;
    while (this.#goesOn()) {
      const url = target();
      if (url === undefined) {
        await delay(UNREACHABLE_MS);
        continue;
      }
      const seen = await client.ask(url, question(this.#sent++));
      this.#seen.push(seen);
      if (seen.kind === 'unreachable') await delay(UNREACHABLE_MS);
      else if (pauseMs > 0) await delay(pauseMs);
    }
  }
}

/** How many were seen of each kind. */
export function countKinds(
  seen: readonly Seen[],
): Readonly<Record<Seen['kind'], number>> {
  const counts = { complete: 0, refused: 0, unreachable: 0, broken: 0 };
  for (const { kind } of seen) counts[kind] += 1;
  return counts;
}
