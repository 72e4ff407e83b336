import { useCallback, useEffect, useRef, useState } from 'react';
import { asError } from './asError';
import { type Poll, startPoll } from './poll';

/** What a page knows of something it loads. */
export type LoadState<T> = (
  | { status: 'loading'; value: undefined; error: undefined; stale: false }
  | { status: 'error'; value: undefined; error: Error; stale: false }
  | {
      status: 'ready';
      value: T;
      /** Why the last refresh failed, while the value before it is still shown. */
      error: Error | undefined;
      /** The value is not (yet) the answer to what is asked now: the input changed, or the last refresh failed. */
      stale: boolean;
    }
) & {
  /** Loads again at once, keeping the value meanwhile; resolves when that is done. */
  refresh: () => Promise<void>;
};

interface Answer<T> {
  /** What was asked, as JSON. */
  question: string | undefined;
  value?: { of: T };
  error?: Error;
}

/** When to load. */
export interface LoadOptions {
  /** Milliseconds between the end of a load and the next; once when left out. Pauses while the document is hidden. */
  refreshMs?: number;
  /** `false` loads nothing and stays `loading`. */
  enabled?: boolean;
}

/**
 * Loads something and keeps it fresh.
 *
 * The old value stays while a new one is fetched, so that nothing flickers; an equal answer does not render again. A load under way
 * is aborted when the question changes or the component goes. To forget the old value at a change, give the component a `key`.
 *
 * @param load - answers the question; must stay the same function as long as it would answer the same
 * @param question - what is asked; a change loads anew
 */
export function useLoad<T>(
  load: (question: string, signal: AbortSignal) => Promise<T>,
  question: string,
  options: LoadOptions = {},
): LoadState<T> {
  const { refreshMs, enabled = true } = options;
  const [answer, setAnswer] = useState<Answer<T>>({ question: undefined });
  const poll = useRef<Poll | undefined>(undefined);

  useEffect(() => {
    if (!enabled) return undefined;
    const started = startPoll({
      everyMs: refreshMs,
      load: async signal => {
        try {
          const value = await load(question, signal);
          if (!signal.aborted) setAnswer(was => answered(was, question, value));
        } catch (error) {
          if (!signal.aborted) {
            setAnswer(was => failed(was, question, asError(error)));
          }
        }
      },
    });
    poll.current = started;
    return () => started.stop();
  }, [load, question, refreshMs, enabled]);

  const refresh = useCallback(async () => {
    // A failure that is tried again looks like the first load, so that the reader sees that something happens.
    setAnswer(was => (was.value ? was : { question: undefined }));
    await poll.current?.now();
  }, []);

  if (answer.value) {
    return {
      status: 'ready',
      value: answer.value.of,
      error: answer.error,
      stale: answer.question !== question || answer.error !== undefined,
      refresh,
    };
  }
  const nothing = { value: undefined, stale: false, refresh } as const;
  return answer.error && answer.question === question
    ? { status: 'error', error: answer.error, ...nothing }
    : { status: 'loading', error: undefined, ...nothing };
}

function answered<T>(was: Answer<T>, question: string, value: T): Answer<T> {
  const same =
    was.value && JSON.stringify(was.value.of) === JSON.stringify(value);
  if (same && was.question === question && !was.error) return was;
  return { question, value: same ? was.value : { of: value } };
}

/** A failure does not take away what is shown, unless it is the answer to another question. */
function failed<T>(was: Answer<T>, question: string, error: Error): Answer<T> {
  return was.question === question && was.value
    ? { question, value: was.value, error }
    : { question, error };
}
