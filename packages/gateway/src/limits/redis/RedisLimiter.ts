import type { LimitCounter } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { NOTHING } from '../actualOf';
import type { Clock } from '../clock';
import { checkTtl } from '../figures';
import type {
  ActualAmounts,
  BudgetCounterId,
  CounterReading,
  Hold,
  Limiter,
  ReserveRequest,
  ReserveResult,
  Seed,
  SeedResult,
  SettleResult,
} from '../Limiter';
import { Batch } from './Batch';
import { KeyNames } from './KeyNames';
import type { Operation } from './Operation';
import { OperationQueue } from './OperationQueue';
import { Forget, Read, TellSeeds } from './operations/ledger';
import { Renew } from './operations/Renew';
import { Reserve } from './operations/Reserve';
import { Settle } from './operations/Settle';
import { Trim } from './operations/Trim';
import { Reply } from './Reply';
import { NONE } from './codes';
import { SCRIPT } from './script';
import { Script, type ScriptConnection } from './Script';

const script = new Script(SCRIPT);

export interface RedisLimiterOptions {
  readonly connection: ScriptConnection;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** With one hash tag, and nothing else after it. */
  readonly prefix?: string;
  /** In place of Redis's own clock, to see what becomes of clocks that jump. */
  readonly wallMs?: () => number;
}

/**
 * Counts in Redis, for any number of gateways. What is asked for at the same time is done by one call of one script, each operation whole or
 * not at all.
 *
 * See `script/` for what is kept there.
 */
export class RedisLimiter implements Limiter {
  readonly #connection: ScriptConnection;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #names: KeyNames;
  readonly #wallMs: (() => number) | undefined;
  readonly #queue = new OperationQueue(operations => this.#call(operations));
  /** When the last call that was answered had been sent. */
  #lastCall: number | null = null;

  private constructor(options: RedisLimiterOptions) {
    this.#connection = options.connection;
    this.#clock = options.clock;
    this.#names = new KeyNames(options.prefix ?? '{aigw:limits}');
    this.#wallMs = options.wallMs;
  }

  static create(options: RedisLimiterOptions): RedisLimiter {
    return new RedisLimiter(options);
  }

  async reserve(request: ReserveRequest): Promise<ReserveResult> {
    return this.#queue.do(new Reserve(request));
  }

  async settle(hold: Hold, actual: ActualAmounts): Promise<SettleResult> {
    return this.#queue.do(new Settle(hold, actual, this.#clock));
  }

  async release(hold: Hold): Promise<SettleResult> {
    return this.settle(hold, NOTHING);
  }

  async trim(hold: Hold, amounts: readonly number[]): Promise<Hold> {
    return this.#queue.do(new Trim(hold, amounts));
  }

  async renew(
    holds: readonly Hold[],
    ttlMs: number,
  ): Promise<readonly (Hold | null)[]> {
    checkTtl(ttlMs);
    return Promise.all(
      holds.map(hold => this.#queue.do(new Renew(hold, ttlMs))),
    );
  }

  async seed(seeds: readonly Seed[]): Promise<readonly SeedResult[]> {
    return this.#queue.do(new TellSeeds(seeds));
  }

  async forget(counters: readonly BudgetCounterId[]): Promise<void> {
    return this.#queue.do(new Forget(counters));
  }

  async read(
    counters: readonly LimitCounter[],
  ): Promise<readonly CounterReading[]> {
    return this.#queue.do(new Read(counters));
  }

  async #call(operations: readonly Operation<unknown>[]): Promise<Reply> {
    const batch = new Batch(this.#names);
    for (const operation of operations) operation.write(batch);
    const sentAt = this.#clock.monotonicMs();
    const since =
      this.#lastCall === null ? NONE : Math.ceil(sentAt - this.#lastCall);
    const reply = await script.run(this.#connection, batch.keys, [
      since,
      this.#wallMs?.() ?? '',
      batch.letters,
      batch.bytes(),
    ]);
    this.#lastCall = Math.max(this.#lastCall ?? sentAt, sentAt);
    return new Reply(reply);
  }
}
