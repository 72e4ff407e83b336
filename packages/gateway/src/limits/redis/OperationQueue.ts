import type { Operation } from './Operation';
import type { Reply } from './Reply';

/** What waits for its answer. */
interface Waiting {
  readonly operation: Operation<unknown>;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/** So many operations go into one call at most, so that Redis is never busy with one for long. */
const MOST = 64;

/**
 * Gathers operations, and has them done by few calls in the order in which they came.
 *
 * What is asked for in one turn of the event loop goes out together at its end; nothing waits for a timer. While a call is under way, what
 * is asked for waits for its answer, which is the less work for everybody the more there is to do.
 */
export class OperationQueue {
  readonly #call: (operations: readonly Operation<unknown>[]) => Promise<Reply>;
  #waiting: Waiting[] = [];
  #underWay = false;
  #scheduled = false;

  /**
   * @param call - does operations and gives their answers in a row
   */
  constructor(
    call: (operations: readonly Operation<unknown>[]) => Promise<Reply>,
  ) {
    this.#call = call;
  }

  /** Resolves when an operation was done. */
  do<T>(operation: Operation<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ operation, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled || this.#underWay) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      void this.#send();
    });
  }

  async #send(): Promise<void> {
    const batch = this.#take();
    this.#underWay = true;
    try {
      answer(batch, await this.#call(batch.map(({ operation }) => operation)));
    } catch (error) {
      await this.#fail(batch, error);
    }
    this.#underWay = false;
    if (this.#waiting.length > 0) this.#schedule();
  }

  #take(): readonly Waiting[] {
    const batch = this.#waiting;
    if (batch.length <= MOST) {
      this.#waiting = [];
      return batch;
    }
    this.#waiting = batch.slice(MOST);
    return batch.slice(0, MOST);
  }

  async #fail(batch: readonly Waiting[], error: unknown): Promise<void> {
    if (batch.length === 1 || !isOfOneKey(error)) {
      for (const { reject } of batch) reject(error);
      return;
    }
    // It did nothing, and all but one are as good as ever.
    for (const one of batch) {
      try {
        answer([one], await this.#call([one.operation]));
      } catch (own) {
        one.reject(own);
      }
    }
  }
}

function answer(batch: readonly Waiting[], reply: Reply): void {
  let answered = 0;
  try {
    for (const { operation, resolve, reject } of batch) {
      const result = operation.read(reply);
      answered += 1;
      if (result instanceof Error) reject(result);
      else resolve(result as never);
    }
  } catch (error) {
    for (const { reject } of batch.slice(answered)) reject(error);
  }
}

/** Whether a key holds what it should not: found before anything is written. */
function isOfOneKey(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('WRONGTYPE');
}
