import type {
  Endpoint,
  EndpointInput,
  EndpointOutput,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { useApi } from '@backstage/core-plugin-api';
import { useCallback, useEffect, useRef, useState } from 'react';
import { aiGatewayApiRef } from '../api';
import { asError } from './asError';
import { type Poll, startPoll } from './poll';

/** What a page knows of something it loads. */
export type EndpointState<T> = (
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

/**
 * Loads an endpoint and keeps it fresh.
 *
 * The old value stays while a new one is fetched, so that nothing flickers; an equal answer does not render again. A load under way
 * is aborted when the input changes or the component goes. To forget the old value at a change, give the component a `key`.
 *
 * @param input - compared by its JSON
 * @param options.refreshMs - milliseconds between loads; once when left out. Pauses while the document is hidden
 * @param options.enabled - `false` loads nothing and stays `loading`
 */
export function useEndpoint<T extends Endpoint>(
  endpoint: T,
  input: EndpointInput<T>,
  options: { refreshMs?: number; enabled?: boolean } = {},
): EndpointState<EndpointOutput<T>> {
  const { refreshMs, enabled = true } = options;
  const api = useApi(aiGatewayApiRef);
  const question = JSON.stringify(input);
  const [answer, setAnswer] = useState<Answer<EndpointOutput<T>>>({
    question: undefined,
  });
  const poll = useRef<Poll | undefined>(undefined);

  useEffect(() => {
    if (!enabled) return undefined;
    const asked: EndpointInput<T> = JSON.parse(question);
    const started = startPoll({
      everyMs: refreshMs,
      load: async signal => {
        try {
          const value = await api.call(endpoint, { ...asked, signal });
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
  }, [api, endpoint, question, refreshMs, enabled]);

  const refresh = useCallback(async () => poll.current?.now(), []);

  if (answer.value) {
    return {
      status: 'ready',
      value: answer.value.of,
      error: answer.error,
      stale: answer.question !== question || answer.error !== undefined,
      refresh,
    };
  }
  return answer.error && answer.question === question
    ? {
        status: 'error',
        value: undefined,
        error: answer.error,
        stale: false,
        refresh,
      }
    : {
        status: 'loading',
        value: undefined,
        error: undefined,
        stale: false,
        refresh,
      };
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
