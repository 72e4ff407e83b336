import {
  counterName,
  isBudgetCounter,
  type LimitCounter,
  type LimitWindow,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { actualOf, NOTHING } from '../actualOf';
import type { Clock } from '../clock';
import {
  checkAmount,
  checkReserveRequest,
  checkTtl,
  figuresOf,
  leastOf,
  violationOf,
  type Standing,
} from '../figures';
import type {
  ActualAmounts,
  Balance,
  BudgetCounterId,
  CounterReading,
  EntryFigures,
  Hold,
  HoldEntry,
  Limiter,
  ReserveRequest,
  ReserveResult,
  Seed,
  SeedNeed,
  SeedResult,
  SettleResult,
  Violation,
} from '../Limiter';
import { FORGET } from './forget.lua';
import { READ } from './read.lua';
import { RENEW } from './renew.lua';
import { Reply, ReplyFormatError } from './Reply';
import { RESERVE } from './reserve.lua';
import { Script, type ScriptConnection } from './Script';
import { SEED } from './seed.lua';
import { SETTLE } from './settle.lua';

const SCRIPTS = {
  reserve: new Script(RESERVE),
  settle: new Script(SETTLE),
  renew: new Script(RENEW),
  seed: new Script(SEED),
  forget: new Script(FORGET),
  read: new Script(READ),
};

const WINDOW_CODES: Record<LimitWindow, string> = {
  minute: 'r',
  none: 'c',
  day: 'd',
  week: 'w',
  month: 'm',
  total: 't',
};

export interface RedisLimiterOptions {
  readonly connection: ScriptConnection;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** With one hash tag, and nothing else after it. */
  readonly prefix?: string;
  /** In place of Redis's own clock, to see what becomes of clocks that jump. */
  readonly wallMs?: () => number;
}

/**
 * Counts in Redis, for any number of gateways: one script an operation, so that each is done whole or not at all.
 *
 * See `prelude.lua.ts` for the keys.
 */
export class RedisLimiter implements Limiter {
  readonly #connection: ScriptConnection;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #prefix: string;
  readonly #wallMs: (() => number) | undefined;
  /** When the last operation that was answered had been sent. */
  #lastOperation: number | null = null;

  private constructor(options: RedisLimiterOptions) {
    this.#connection = options.connection;
    this.#clock = options.clock;
    this.#prefix = options.prefix ?? '{aigw:limits}';
    this.#wallMs = options.wallMs;
  }

  static create(options: RedisLimiterOptions): RedisLimiter {
    return new RedisLimiter(options);
  }

  async reserve(request: ReserveRequest): Promise<ReserveResult> {
    checkReserveRequest(request);
    const { entries, holdId, ttlMs } = request;
    const reply = new Reply(
      await this.#run(
        SCRIPTS.reserve,
        [
          this.#holdKey(holdId),
          ...entries.map(entry => this.#key(entry.counter)),
        ],
        [
          holdId,
          ttlMs,
          ...entries.flatMap(entry => [
            WINDOW_CODES[entry.counter.window],
            entry.limit,
            entry.amount,
            leastOf(entry),
          ]),
        ],
      ),
    );
    const outcome = reply.word();
    switch (outcome) {
      case 'admitted':
      case 'repeated':
        return readAdmission(reply, request, outcome === 'repeated');
      case 'refused':
        return readRefusal(reply, request);
      case 'needs-seed':
        return { outcome, needsSeed: readSeedNeeds(reply, request) };
      case 'closed':
        return { outcome };
      case 'other-entries':
        throw new TypeError(`Hold ${holdId} was made with other entries`);
      default:
        throw new ReplyFormatError(`Unknown outcome: ${outcome}`);
    }
  }

  async settle(hold: Hold, actual: ActualAmounts): Promise<SettleResult> {
    const reply = new Reply(
      await this.#run(SCRIPTS.settle, this.#holdKeys(hold), [
        hold.id,
        hold.admittedAt,
        hold.expiresAt,
        checkAmount(actual.ageMs ?? 0),
        ...hold.entries.flatMap(entry => [
          ...entryArgs(entry),
          actualOf(entry, actual),
        ]),
      ]),
    );
    const outcome = reply.word();
    switch (outcome) {
      case 'repeated':
      case 'too-late':
        return { outcome, balances: [] };
      case 'settled': {
        const balances: Balance[] = [];
        while (!reply.ended) {
          const { counter } = hold.entries[reply.number() - 1];
          const windowStart = reply.number();
          balances.push({ counter, windowStart, spent: reply.number() });
        }
        return { outcome, balances };
      }
      default:
        throw new ReplyFormatError(`Unknown outcome: ${outcome}`);
    }
  }

  async release(hold: Hold): Promise<SettleResult> {
    return this.settle(hold, NOTHING);
  }

  async renew(
    holds: readonly Hold[],
    ttlMs: number,
  ): Promise<readonly (Hold | null)[]> {
    checkTtl(ttlMs);
    return Promise.all(
      holds.map(async hold => {
        const reply = new Reply(
          await this.#run(SCRIPTS.renew, this.#holdKeys(hold), [
            hold.id,
            hold.admittedAt,
            hold.expiresAt,
            ttlMs,
            ...hold.entries.flatMap(entryArgs),
          ]),
        );
        const expiresAt = reply.nullable();
        return expiresAt === null ? null : { ...hold, expiresAt };
      }),
    );
  }

  async seed(seeds: readonly Seed[]): Promise<readonly SeedResult[]> {
    const reply = new Reply(
      await this.#run(
        SCRIPTS.seed,
        seeds.map(({ counter }) => this.#key(counter)),
        seeds.flatMap(({ counter, windowStart, spent, exact }) => [
          WINDOW_CODES[counter.window],
          windowStart,
          checkAmount(spent),
          exact ? 1 : 0,
        ]),
      ),
    );
    return seeds.map(() => (reply.number() === 1 ? 'seeded' : 'other-window'));
  }

  async forget(counters: readonly BudgetCounterId[]): Promise<void> {
    await this.#run(
      SCRIPTS.forget,
      counters.map(counter => this.#key(counter)),
      counters.map(({ window }) => WINDOW_CODES[window]),
    );
  }

  async read(
    counters: readonly LimitCounter[],
  ): Promise<readonly CounterReading[]> {
    const reply = new Reply(
      await this.#run(
        SCRIPTS.read,
        counters.map(counter => this.#key(counter)),
        counters.map(({ window }) => WINDOW_CODES[window]),
      ),
    );
    return counters.map(counter => ({
      counter,
      windowStart: reply.nullable(),
      spent: reply.number(),
      reserved: reply.number(),
      seeded: reply.number() === 1,
    }));
  }

  async #run(
    script: Script,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown> {
    const sentAt = this.#clock.monotonicMs();
    const since =
      this.#lastOperation === null
        ? -1
        : Math.ceil(sentAt - this.#lastOperation);
    const reply = await script.run(
      this.#connection,
      [`${this.#prefix}:clock`, ...keys],
      [since, this.#wallMs?.() ?? '', ...args],
    );
    this.#lastOperation = Math.max(this.#lastOperation ?? sentAt, sentAt);
    return reply;
  }

  #holdKey(id: string): string {
    return `${this.#prefix}:hold:${id}`;
  }

  #key(counter: LimitCounter): string {
    return `${this.#prefix}:count:${counterName(counter)}`;
  }

  #holdKeys(hold: Hold): string[] {
    return [
      this.#holdKey(hold.id),
      ...hold.entries.map(({ counter }) => this.#key(counter)),
    ];
  }
}

function entryArgs(entry: HoldEntry): (string | number)[] {
  return [
    WINDOW_CODES[entry.counter.window],
    entry.granted,
    entry.windowStart ?? -1,
  ];
}

function readStanding(reply: Reply): Standing {
  return {
    spent: reply.number(),
    reserved: reply.number(),
    resetMs: reply.nullable(),
    windowStart: reply.nullable(),
  };
}

function readAdmission(
  reply: Reply,
  { holdId, entries }: ReserveRequest,
  repeated: boolean,
): ReserveResult {
  const hold: Hold = {
    id: holdId,
    store: 'shared',
    admittedAt: reply.number(),
    expiresAt: reply.number(),
    entries: entries.map(({ counter }) => ({
      counter,
      granted: reply.number(),
      windowStart: reply.nullable(),
    })),
  };
  const figures: EntryFigures[] = entries.map(entry =>
    figuresOf(entry, readStanding(reply)),
  );
  return { outcome: 'admitted', hold, repeated, figures };
}

function readRefusal(reply: Reply, { entries }: ReserveRequest): ReserveResult {
  const violations: Violation[] = [];
  while (!reply.ended) {
    const entry = entries[reply.number() - 1];
    const standing = readStanding(reply);
    const clearsInMs = reply.nullable();
    const retryAfterMs = reply.nullable();
    violations.push(violationOf(entry, standing, { clearsInMs, retryAfterMs }));
  }
  const [first, ...others] = violations;
  if (!first) throw new ReplyFormatError('A refusal without a reason');
  return { outcome: 'refused', violations: [first, ...others] };
}

function readSeedNeeds(
  reply: Reply,
  { entries }: ReserveRequest,
): readonly SeedNeed[] {
  const needs: SeedNeed[] = [];
  while (!reply.ended) {
    const { counter } = entries[reply.number() - 1];
    const windowStart = reply.number();
    if (isBudgetCounter(counter)) needs.push({ counter, windowStart });
  }
  return needs;
}
