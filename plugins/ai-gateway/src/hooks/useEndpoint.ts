import type {
  Endpoint,
  EndpointInput,
  EndpointOutput,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { useApi } from '@backstage/core-plugin-api';
import { useCallback } from 'react';
import { aiGatewayApiRef } from '../api';
import { type LoadOptions, type LoadState, useLoad } from './useLoad';

/** What a page knows of an endpoint's answer. */
export type EndpointState<T> = LoadState<T>;

/**
 * Loads an endpoint and keeps it fresh; see {@link useLoad} for what stays and what is dropped.
 *
 * @param input - compared by its JSON
 */
export function useEndpoint<T extends Endpoint>(
  endpoint: T,
  input: EndpointInput<T>,
  options: LoadOptions = {},
): EndpointState<EndpointOutput<T>> {
  const api = useApi(aiGatewayApiRef);
  const load = useCallback(
    (question: string, signal: AbortSignal) => {
      const asked: EndpointInput<T> = JSON.parse(question);
      return api.call(endpoint, { ...asked, signal });
    },
    [api, endpoint],
  );
  return useLoad(load, JSON.stringify(input), options);
}
