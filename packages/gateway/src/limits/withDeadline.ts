/** What was asked for did not come in time. It may still come. */
export class DeadlineError extends Error {
  constructor(ms: number) {
    super(`No answer within ${ms} ms`);
    this.name = 'DeadlineError';
  }
}

/**
 * What is promised, if it comes in time.
 *
 * A process that is busy is not to blame others for it. The time begins with the end of this turn of the event loop, when what is asked
 * for has been sent; and an answer that lies ready counts as in time even if there was no time to look: it is looked for once more after
 * the deadline.
 */
export function withDeadline<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const sent = setImmediate(() => {
      timer = setTimeout(() => {
        setImmediate(() => reject(new DeadlineError(ms)));
      }, ms);
    });
    const stop = () => {
      clearImmediate(sent);
      clearTimeout(timer);
    };
    promise.then(
      value => {
        stop();
        resolve(value);
      },
      error => {
        stop();
        reject(error);
      },
    );
  });
}
