import type { ServerResponse } from 'node:http';

/** Tells when there is no more sense in going on. */
export interface Watch {
  /** Aborted when the attempt's time is over, or when its client has hung up and what is still to come is not waited for any longer. */
  readonly signal: AbortSignal;
  readonly clientIsGone: () => boolean;
  /** To be called at the end of the attempt, however it ends. */
  readonly end: () => void;
}

/**
 * Watches over an attempt: that its client is there, and that it does not last for ever.
 *
 * @param options - `drainMs`: how long the upstream may go on after the client has hung up, asked when it does; 0 stops it at once
 */
export function watchClient(
  res: ServerResponse,
  options: {
    readonly totalTimeoutMs: number;
    readonly drainMs: () => number;
  },
): Watch {
  const controller = new AbortController();
  const abort = () => controller.abort();
  let gone = false;
  let drained: NodeJS.Timeout | undefined;
  const onClose = () => {
    gone = !res.writableFinished;
    if (!gone) return;
    const drainMs = options.drainMs();
    if (drainMs > 0) drained = setTimeout(abort, drainMs);
    else abort();
  };
  const total = setTimeout(abort, options.totalTimeoutMs);
  if (res.destroyed) onClose();
  else res.once('close', onClose);
  return {
    signal: controller.signal,
    clientIsGone: () => gone,
    end: () => {
      clearTimeout(total);
      clearTimeout(drained);
      res.off('close', onClose);
    },
  };
}
