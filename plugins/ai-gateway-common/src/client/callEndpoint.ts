import type { z } from 'zod';
import type { Endpoint } from '../contract';
import { ControlPlaneError } from './ControlPlaneError';

type Part<
  T extends Endpoint,
  K extends 'params' | 'query' | 'headers' | 'body',
> = T[K] extends z.ZodType
  ? object extends z.input<T[K]>
    ? { [P in K]?: z.input<T[K]> }
    : { [P in K]: z.input<T[K]> }
  : unknown;

/** What a call of an endpoint takes: those of params, query, headers and body that it has. @public */
export type EndpointInput<T extends Endpoint> = Part<T, 'params'> &
  Part<T, 'query'> &
  Part<T, 'headers'> &
  Part<T, 'body'> & { signal?: AbortSignal };

/** What a call of an endpoint gives. @public */
export type EndpointOutput<T extends Endpoint> = T['response'] extends z.ZodType
  ? z.output<T['response']>
  : void;

/** Sends a request to the control plane; the URL is below `/api/ai-gateway`, such as `/models?limit=10`. @public */
export type ControlPlaneFetch = (
  path: string,
  init: RequestInit,
) => Promise<Response>;

/**
 * Calls one endpoint of the control plane.
 *
 * @param fetch - knows where the control plane is, and who is calling
 * @param endpoint - one of {@link endpoints}
 * @throws {@link ControlPlaneError} when it refuses; whatever `fetch` throws when it cannot be reached
 * @public
 */
export async function callEndpoint<T extends Endpoint>(
  fetch: ControlPlaneFetch,
  endpoint: T,
  input: EndpointInput<T>,
): Promise<EndpointOutput<T>> {
  const parts: {
    params?: Record<string, unknown>;
    query?: Record<string, unknown>;
    headers?: Record<string, unknown>;
    body?: unknown;
    signal?: AbortSignal;
  } = input;
  const response = await fetch(
    endpointPath(endpoint, parts.params ?? {}, parts.query ?? {}),
    {
      method: endpoint.method.toUpperCase(),
      headers: {
        ...stringified(parts.headers ?? {}),
        ...(parts.body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(parts.body !== undefined && { body: JSON.stringify(parts.body) }),
      ...(parts.signal && { signal: parts.signal }),
    },
  );
  if (!response.ok) throw await ControlPlaneError.fromResponse(response);
  // The backend validates what it sends against the same contract; reading it again here would only cost.
  return (
    endpoint.status === 204 ? undefined : await response.json()
  ) as EndpointOutput<T>;
}

/** The path and query of a call, escaped. @public */
export function endpointPath(
  endpoint: Endpoint,
  params: Record<string, unknown>,
  query: Record<string, unknown>,
): string {
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(params[name])),
  );
  const search = new URLSearchParams(stringified(query)).toString();
  return search ? `${path}?${search}` : path;
}

function stringified(record: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [name, String(value)]),
  );
}
