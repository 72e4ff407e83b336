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
/** So many calls are under way at most, where there is more to do than one can take: a store may be far away. */
const MOST_CALLS = 8;

/**
 * Gathers operations, and has them done by few calls in the order in which they came.
 *
 * What is asked for in one turn of the event loop goes out together at its end; nothing waits for a timer. While a call is under way, what
 * is asked for waits for its answer, or until it fills a call of its own: that is the less work for everybody the more there is to do.
 */
export class OperationQueue {
  readonly #call: (operations: readonly Operation<unknown>[]) => Promise<Reply>;
  #waiting: Waiting[] = [];
  #underWay = 0;
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
    if (this.#scheduled || !this.#mayCall()) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      void this.#send();
    });
  }

  #mayCall(): boolean {
    const waiting = this.#waiting.length;
    return this.#underWay === 0
      ? waiting > 0
      : waiting >= MOST && this.#underWay < MOST_CALLS;
  }

  async #send(): Promise<void> {
    const batch = this.#take();
    this.#underWay += 1;
    this.#schedule();
    try {
      answer(batch, await this.#call(batch.map(({ operation }) => operation)));
    } catch (error) {
      await this.#fail(batch, error);
    }
    this.#underWay -= 1;
    this.#schedule();
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
    if (batch.length === 1 || !isOfOneOperation(error)) {
      for (const { reject } of batch) reject(error);
      return;
    }
    // Nothing was done, and all but one are as good as ever.
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

/**
 * Whether what failed is one of the operations, and not the store: it could not be written down, or a key holds what it should not. Either is
 * found before anything is done.
 */
function isOfOneOperation(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    error instanceof TypeError ||
    // Redis 6.2 puts it behind words of its own.
    (/WRONGTYPE|user_script/.test(error.message) &&
      !/READONLY|OOM|MISCONF|NOREPLICAS|MASTERDOWN/.test(error.message))
  );
}
