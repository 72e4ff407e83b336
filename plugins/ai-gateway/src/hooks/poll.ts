/** Something that loads now, and again as long as somebody looks. */
export interface Poll {
  /** Loads at once, dropping a load under way; resolves when that is done, whatever came of it. */
  now(): Promise<void>;
  /** Aborts a load under way and never loads again. */
  stop(): void;
}

/**
 * Loads at once, then `everyMs` after each load has ended. While the document is hidden nothing is loaded; when it shows again and
 * a load is overdue, that happens at once.
 *
 * @param options.load - must honour its signal; reports its own outcome
 * @param options.everyMs - milliseconds between the end of a load and the next; `undefined` loads once
 */
export function startPoll(options: {
  load: (signal: AbortSignal) => Promise<void>;
  everyMs: number | undefined;
}): Poll {
  const { load, everyMs } = options;
  let controller: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  let overdue = false;

  const run = async () => {
    if (stopped) return;
    controller?.abort();
    clearTimeout(timer);
    overdue = false;
    const mine = new AbortController();
    controller = mine;
    await load(mine.signal);
    if (mine.signal.aborted || everyMs === undefined) return;
    timer = setTimeout(() => {
      if (document.hidden) overdue = true;
      else run();
    }, everyMs);
  };
  const onVisibilityChange = () => {
    if (!document.hidden && overdue) run();
  };

  document.addEventListener('visibilitychange', onVisibilityChange);
  run();
  return {
    now: run,
    stop() {
      stopped = true;
      controller?.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisibilityChange);
    },
  };
}
