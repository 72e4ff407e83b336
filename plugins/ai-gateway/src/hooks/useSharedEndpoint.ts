import type {
  Endpoint,
  EndpointInput,
  EndpointOutput,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { useApi } from '@backstage/core-plugin-api';
import { useCallback, useEffect, useSyncExternalStore } from 'react';
import { type AiGatewayApi, aiGatewayApiRef } from '../api';
import { asError } from './asError';
import type { EndpointState } from './useEndpoint';

/** How long an answer serves those who ask for it anew, in milliseconds. */
const FRESH_MS = 30_000;

interface Snapshot<T> {
  value?: { of: T };
  error?: Error;
}

/** One answer for every component that asks the same of the same API. */
class SharedAnswer<T> {
  readonly #load: () => Promise<T>;
  readonly #listeners = new Set<() => void>();
  #snapshot: Snapshot<T> = {};
  #loading: Promise<void> | undefined;
  #loadedAt = -Infinity;

  constructor(load: () => Promise<T>) {
    this.#load = load;
  }

  readonly getSnapshot = (): Snapshot<T> => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  loadUnlessFresh(): void {
    if (Date.now() - this.#loadedAt > FRESH_MS) this.refresh();
  }

  refresh(): Promise<void> {
    this.#loading ??= this.#run().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #run(): Promise<void> {
    try {
      const value = await this.#load();
      this.#loadedAt = Date.now();
      this.#snapshot = { value: { of: value } };
    } catch (error) {
      this.#snapshot = { ...this.#snapshot, error: asError(error) };
    }
    this.#listeners.forEach(listener => listener());
  }
}

/**
 * A hook for something that many components need and that seldom changes: loaded once, shared, renewed by whoever asks later.
 *
 * The answers live as long as the API they came from, so that apps and tests that stand side by side share nothing.
 */
export function createSharedEndpointHook<T extends Endpoint>(
  endpoint: T,
  input: EndpointInput<T>,
): () => EndpointState<EndpointOutput<T>> {
  const answers = new WeakMap<AiGatewayApi, SharedAnswer<EndpointOutput<T>>>();
  const answerOf = (api: AiGatewayApi) => {
    const known = answers.get(api);
    if (known) return known;
    const made = new SharedAnswer(() => api.call(endpoint, input));
    answers.set(api, made);
    return made;
  };

  return function useSharedEndpoint() {
    const answer = answerOf(useApi(aiGatewayApiRef));
    const { value, error } = useSyncExternalStore(
      answer.subscribe,
      answer.getSnapshot,
    );
    const refresh = useCallback(() => answer.refresh(), [answer]);
    useEffect(() => answer.loadUnlessFresh(), [answer]);

    if (value) {
      const stale = error !== undefined;
      return { status: 'ready', value: value.of, error, stale, refresh };
    }
    const nothing = { value: undefined, stale: false, refresh } as const;
    return error
      ? { status: 'error', error, ...nothing }
      : { status: 'loading', error: undefined, ...nothing };
  };
}
