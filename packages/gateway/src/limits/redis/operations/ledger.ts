import type { LimitCounter } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { checkAmount } from '../../figures';
import type {
  BudgetCounterId,
  CounterReading,
  Seed,
  SeedResult,
} from '../../Limiter';
import type { Batch } from '../Batch';
import { OPERATION } from '../codes';
import type { Operation } from '../Operation';
import type { Reply } from '../Reply';

/** Tells counters what the ledger says. */
export class TellSeeds implements Operation<readonly SeedResult[]> {
  readonly #seeds: readonly Seed[];

  /** @throws TypeError for what cannot be counted */
  constructor(seeds: readonly Seed[]) {
    for (const { spent } of seeds) checkAmount(spent);
    this.#seeds = seeds;
  }

  write(batch: Batch): void {
    batch.number(OPERATION.seed);
    batch.number(this.#seeds.length);
    for (const { counter, windowStart, spent, exact } of this.#seeds) {
      batch.counter(counter);
      batch.number(windowStart);
      batch.number(spent);
      batch.number(exact ? 1 : 0);
    }
  }

  read(reply: Reply): readonly SeedResult[] {
    return this.#seeds.map(() =>
      reply.number() === 1 ? 'seeded' : 'other-window',
    );
  }
}

/** Makes budgets unknown. */
export class Forget implements Operation<void> {
  readonly #counters: readonly BudgetCounterId[];

  constructor(counters: readonly BudgetCounterId[]) {
    this.#counters = counters;
  }

  write(batch: Batch): void {
    batch.number(OPERATION.forget);
    batch.number(this.#counters.length);
    for (const counter of this.#counters) batch.counter(counter);
  }

  read(): void {}
}

/** Reads where counters stand. */
export class Read implements Operation<readonly CounterReading[]> {
  readonly #counters: readonly LimitCounter[];

  constructor(counters: readonly LimitCounter[]) {
    this.#counters = counters;
  }

  write(batch: Batch): void {
    batch.number(OPERATION.read);
    batch.number(this.#counters.length);
    for (const counter of this.#counters) batch.counter(counter);
  }

  read(reply: Reply): readonly CounterReading[] {
    return this.#counters.map(counter => ({
      counter,
      windowStart: reply.nullable(),
      spent: reply.number(),
      reserved: reply.number(),
      seeded: reply.number() === 1,
    }));
  }
}
