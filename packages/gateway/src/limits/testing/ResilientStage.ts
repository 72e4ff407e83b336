import type {
  DegradedMode,
  LimitCounter,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Redis } from 'ioredis';
import { systemClock } from '../clock';
import { InProcessLimiter } from '../InProcessLimiter';
import type {
  BudgetCounterId,
  Hold,
  Limiter,
  ReserveEntry,
  ReserveResult,
} from '../Limiter';
import { connectRedis } from '../redis/connectRedis';
import { RedisLimiter } from '../redis/RedisLimiter';
import { ResilientLimiter, type LimiterMode } from '../ResilientLimiter';
import { RedisServer } from './RedisServer';
import { standIn } from './standIn';

export const subject = { kind: 'project', id: 'p' } as const;
export const rpm: LimitCounter = {
  subject,
  measure: 'requests',
  window: 'minute',
};
export const quota: BudgetCounterId = {
  subject,
  measure: 'tokens',
  window: 'total',
};
export const money: BudgetCounterId = {
  subject,
  measure: 'money',
  window: 'total',
};

export const entry = (
  counter: LimitCounter,
  limit: number,
  amount: number,
  whenDegraded?: DegradedMode,
): ReserveEntry => ({
  counter,
  limit,
  amount,
  ...(whenDegraded && { whenDegraded }),
});

/** @throws when it was not admitted */
export const held = (result: ReserveResult): Hold => {
  if (result.outcome !== 'admitted') {
    throw new Error(`Not admitted: ${JSON.stringify(result)}`);
  }
  return result.hold;
};

interface StageOptions {
  readonly queueLimit?: number;
  readonly deadlineMs?: number;
  /** What its Redis does in its own way. */
  readonly own?: (redis: Limiter) => Partial<Limiter>;
}

/** A limiter with a Redis that may be frozen, killed and started again; both new for each test. */
export class ResilientStage {
  readonly #port: number;
  #server: RedisServer | undefined;
  #connection: Redis | undefined;
  #limiter: ResilientLimiter | undefined;
  #redis: Limiter | undefined;
  #onChange: (() => void) | undefined;
  #ids = 0;
  /** As they came. */
  modes: LimiterMode[] = [];

  /** To be called within a `describe`: sees to it that there is one for its tests. */
  static use(port: number): ResilientStage {
    const stage = new ResilientStage(port);
    beforeAll(() => stage.#open());
    beforeEach(() => stage.#reset());
    afterEach(() => stage.limiter.close());
    afterAll(() => stage.#close());
    return stage;
  }

  private constructor(port: number) {
    this.#port = port;
  }

  get server(): RedisServer {
    return there(this.#server);
  }

  get connection(): Redis {
    return there(this.#connection);
  }

  /** Redis alone, as others count in it. */
  get redis(): Limiter {
    return there(this.#redis);
  }

  get limiter(): ResilientLimiter {
    return there(this.#limiter);
  }

  /** Another limiter in place of the one that there is; with more time than the 50 ms that are the default, for a computer that is busy. */
  recreate({ own, ...options }: StageOptions = {}): void {
    this.#limiter?.close();
    this.#limiter = ResilientLimiter.create({
      shared: own ? standIn(() => this.redis, own(this.redis)) : this.redis,
      local: InProcessLimiter.create({ clock: systemClock }),
      clock: systemClock,
      replicas: () => 2,
      deadlineMs: 150,
      breaker: { failures: 3, openMs: 50 },
      onMode: mode => {
        this.modes.push(mode);
        this.#onChange?.();
      },
      ...options,
    });
  }

  reserve(entries: readonly ReserveEntry[]): Promise<ReserveResult> {
    this.#ids += 1;
    return this.limiter.reserve({
      holdId: `r${this.#ids}`,
      ttlMs: 60_000,
      entries,
    });
  }

  seed(counter: BudgetCounterId, spent: number): Promise<unknown> {
    return this.limiter.seed([{ counter, windowStart: 0, spent }]);
  }

  /** What Redis says of a counter. */
  async spentIn(counter: LimitCounter) {
    return (await this.redis.read([counter]))[0];
  }

  /** Asks for nothing that counts until the store is given up. */
  async untilDegraded(): Promise<void> {
    while (this.limiter.mode === 'normal') await this.limiter.read([rpm]);
  }

  async untilNormal(): Promise<void> {
    if (this.limiter.mode === 'normal') return;
    await new Promise<void>(resolve => {
      this.#onChange = resolve;
    });
  }

  async #open(): Promise<void> {
    this.#server = await RedisServer.start(this.#port);
    const connection = connectRedis(this.server.url, () => {});
    this.#connection = connection;
    await new Promise(resolve => connection.once('ready', resolve));
  }

  async #reset(): Promise<void> {
    await this.connection.flushall();
    this.modes = [];
    this.#onChange = undefined;
    this.#redis = RedisLimiter.create({
      connection: this.connection,
      clock: systemClock,
    });
    this.recreate();
  }

  async #close(): Promise<void> {
    this.#connection?.disconnect();
    await this.#server?.kill();
  }
}

function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('It is there within tests only');
  return value;
}
