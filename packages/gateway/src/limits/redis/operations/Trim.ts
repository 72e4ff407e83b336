import type { Hold } from '../../Limiter';
import { checkTrim, trimmed } from '../../trimming';
import type { Batch } from '../Batch';
import { OPERATION, OUTCOME } from '../codes';
import type { Operation } from '../Operation';
import { ReplyFormatError, type Reply } from '../Reply';
import { otherEntries } from './otherEntries';
import { readHold } from './readHold';

export class Trim implements Operation<Hold> {
  readonly #hold: Hold;
  readonly #amounts: readonly number[];

  /** @throws TypeError for what only a bug can ask */
  constructor(hold: Hold, amounts: readonly number[]) {
    checkTrim(hold, amounts);
    this.#hold = hold;
    this.#amounts = amounts;
  }

  write(batch: Batch): void {
    const { id, entries } = this.#hold;
    batch.number(OPERATION.trim);
    batch.hold(id);
    batch.number(entries.length);
    for (let n = 0; n < entries.length; n += 1) {
      batch.counter(entries[n].counter);
      batch.number(this.#amounts[n]);
    }
  }

  read(reply: Reply): Hold | Error {
    const outcome = reply.number();
    switch (outcome) {
      case OUTCOME.trimmed:
        return readHold(reply, this.#hold);
      case OUTCOME.unknown:
        return trimmed(this.#hold, this.#amounts);
      case OUTCOME.closed:
        return this.#hold;
      case OUTCOME.otherEntries:
        return otherEntries(this.#hold.id);
      default:
        throw new ReplyFormatError(`Unknown outcome: ${outcome}`);
    }
  }
}
