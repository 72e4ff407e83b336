import type { ServerResponse } from 'node:http';

/** Tells when there is no more sense in going on. */
export interface Watch {
  /** Aborted when the client hangs up, or when the attempt's time is over. */
  readonly signal: AbortSignal;
  readonly clientIsGone: () => boolean;
  /** To be called at the end of the attempt, however it ends. */
  readonly end: () => void;
}

/** Watches over an attempt: that its client is there, and that it does not last for ever. */
export function watchClient(
  res: ServerResponse,
  totalTimeoutMs: number,
): Watch {
  const controller = new AbortController();
  let gone = res.destroyed;
  const onClose = () => {
    gone = !res.writableFinished;
    if (gone) controller.abort();
  };
  const timer = setTimeout(() => controller.abort(), totalTimeoutMs);
  res.once('close', onClose);
  if (gone) controller.abort();
  return {
    signal: controller.signal,
    clientIsGone: () => gone,
    end: () => {
      clearTimeout(timer);
      res.off('close', onClose);
    },
  };
}
