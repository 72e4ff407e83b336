import { actualOf } from '../../actualOf';
import type { Clock } from '../../clock';
import { checkAmount } from '../../figures';
import type { ActualAmounts, Balance, Hold, SettleResult } from '../../Limiter';
import type { Batch } from '../Batch';
import { NONE, OPERATION, OUTCOME } from '../codes';
import type { Operation } from '../Operation';
import { ReplyFormatError, type Reply } from '../Reply';

const NO_BALANCES: readonly Balance[] = [];

export class Settle implements Operation<SettleResult> {
  readonly #hold: Hold;
  readonly #ageMs: number;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #askedAt: number;
  readonly #amounts: readonly number[];

  /** @throws TypeError for what cannot be counted */
  constructor(
    hold: Hold,
    actual: ActualAmounts,
    clock: Pick<Clock, 'monotonicMs'>,
  ) {
    this.#clock = clock;
    this.#askedAt = clock.monotonicMs();
    this.#hold = hold;
    this.#ageMs = checkAmount(actual.ageMs ?? 0);
    this.#amounts = hold.entries.map(entry => actualOf(entry, actual));
  }

  write(batch: Batch): void {
    const { id, admittedAt, expiresAt, entries } = this.#hold;
    batch.number(OPERATION.settle);
    batch.hold(id);
    batch.number(admittedAt);
    batch.number(expiresAt);
    // It may have waited for another call.
    const waitedMs = Math.round(this.#clock.monotonicMs() - this.#askedAt);
    batch.number(this.#ageMs + waitedMs);
    batch.number(entries.length);
    for (let n = 0; n < entries.length; n += 1) {
      const { counter, granted, windowStart } = entries[n];
      batch.counter(counter);
      batch.number(granted);
      batch.number(windowStart ?? NONE);
      batch.number(this.#amounts[n]);
    }
  }

  read(reply: Reply): SettleResult {
    const outcome = reply.number();
    switch (outcome) {
      case OUTCOME.repeated:
        return { outcome: 'repeated', balances: NO_BALANCES };
      case OUTCOME.tooLate:
        return { outcome: 'too-late', balances: NO_BALANCES };
      case OUTCOME.settled:
        return { outcome: 'settled', balances: this.#readBalances(reply) };
      default:
        throw new ReplyFormatError(`Unknown outcome: ${outcome}`);
    }
  }

  #readBalances(reply: Reply): readonly Balance[] {
    const balances: Balance[] = [];
    for (let left = reply.number(); left > 0; left -= 1) {
      const place = reply.number();
      const entry = this.#hold.entries.at(place - 1);
      if (!entry) throw new ReplyFormatError(`There is no entry ${place}`);
      const windowStart = reply.number();
      const spent = reply.number();
      balances.push({ counter: entry.counter, windowStart, spent });
    }
    return balances;
  }
}
