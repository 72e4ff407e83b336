import { NOWHERE } from '../collections/Bag';
import { beginStream } from '../http/beginStream';
import type { Exchange } from '../http/exchange';
import { dueIn, sweep, unsweep, type Swept } from '../upstream/sweep';

/** A comment of a stream of events, which clients skip. */
const KEEP_ALIVE = ': keep-alive\n\n';

/**
 * Keeps a client that waits for a stream from giving up: once it has waited for so long, and each time that it has again, it gets a comment.
 * While deployments are tried it sees nothing else of them, their own comments included; with the first content it gets all of those.
 *
 * The first comment needs the head of a response before it. A failure can from then on no longer be told by a status, but by an event of
 * the stream, as one after its first content is.
 *
 * @returns how to stop
 */
export function keepWaiting(
  exchange: Pick<Exchange, 'res' | 'headers'>,
  everyMs: number,
): { stop(): void } {
  const { res } = exchange;
  let dueAt = dueIn(everyMs);
  const waiting: Swept = {
    place: NOWHERE,
    sweep: now => {
      if (now < dueAt || res.destroyed) return;
      dueAt = now + everyMs;
      beginStream(exchange);
      res.write(KEEP_ALIVE);
    },
  };
  sweep(waiting);
  return { stop: () => unsweep(waiting) };
}
