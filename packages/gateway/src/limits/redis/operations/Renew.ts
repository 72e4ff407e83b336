import type { Hold } from '../../Limiter';
import type { Batch } from '../Batch';
import { NONE, OPERATION, OUTCOME } from '../codes';
import type { Operation } from '../Operation';
import { ReplyFormatError, type Reply } from '../Reply';
import { otherEntries } from './otherEntries';
import { readHold } from './readHold';

export class Renew implements Operation<Hold | null> {
  readonly #hold: Hold;
  readonly #ttlMs: number;

  constructor(hold: Hold, ttlMs: number) {
    this.#hold = hold;
    this.#ttlMs = ttlMs;
  }

  write(batch: Batch): void {
    const { id, admittedAt, expiresAt, entries } = this.#hold;
    batch.number(OPERATION.renew);
    batch.hold(id);
    batch.number(admittedAt);
    batch.number(expiresAt);
    batch.number(this.#ttlMs);
    batch.number(entries.length);
    for (const { counter, granted, windowStart } of entries) {
      batch.counter(counter);
      batch.number(granted);
      batch.number(windowStart ?? NONE);
    }
  }

  read(reply: Reply): Hold | null | Error {
    const outcome = reply.number();
    switch (outcome) {
      case OUTCOME.closed:
        return null;
      case OUTCOME.renewed:
        return readHold(reply, this.#hold);
      case OUTCOME.otherEntries:
        return otherEntries(this.#hold.id);
      default:
        throw new ReplyFormatError(`Unknown outcome: ${outcome}`);
    }
  }
}
