import {
  callEndpoint,
  type ControlPlaneFetch,
  type Endpoint,
  endpoints,
  type Endpoints,
  type FieldProblem,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { z } from 'zod';
import type { AiGatewayApi } from '../api';

/** What came in for an endpoint, parsed by the contract. */
export interface ReceivedCall {
  operationId: string;
  params: Record<string, string>;
  query: Record<string, unknown>;
  headers: Headers;
  body: unknown;
}

type Response200<T extends Endpoint> = T['response'] extends z.ZodType
  ? z.output<T['response']>
  : undefined;

type Query<T extends Endpoint> = T['query'] extends z.ZodType
  ? z.output<T['query']>
  : Record<string, never>;

type Body<T extends Endpoint> = T['body'] extends z.ZodType
  ? z.output<T['body']>
  : undefined;

/** What answers an endpoint; throws a {@link Refusal} to refuse. */
export type EndpointHandler<T extends Endpoint> = (call: {
  params: Record<string, string>;
  query: Query<T>;
  headers: Headers;
  body: Body<T>;
}) => Response200<T> | Promise<Response200<T>>;

/** A handler for each endpoint that is answered. */
export type EndpointHandlers = {
  [K in keyof Endpoints]?: EndpointHandler<Endpoints[K]>;
};

/** An answer of the control plane that is not a success. */
export class Refusal extends Error {
  readonly status: number;
  readonly fields: readonly FieldProblem[];

  constructor(
    status: number,
    message: string,
    fields: readonly FieldProblem[] = [],
  ) {
    super(message);
    this.status = status;
    this.fields = fields;
  }
}

/**
 * Stands in for the control plane where there is none: answers requests as HTTP would bring them, by the contract's own paths and
 * schemas, and remembers them.
 */
export class ControlPlaneDouble {
  readonly calls: ReceivedCall[] = [];
  readonly #handlers: EndpointHandlers;

  constructor(handlers: EndpointHandlers) {
    this.#handlers = { ...handlers };
  }

  /** Answers some endpoints otherwise from now on. */
  answer(handlers: EndpointHandlers): void {
    Object.assign(this.#handlers, handlers);
  }

  /** The calls of one endpoint, oldest first. */
  callsOf(operationId: keyof Endpoints): ReceivedCall[] {
    return this.calls.filter(call => call.operationId === operationId);
  }

  /** The typed API over this double, through the real client's way of writing requests and reading answers. */
  get api(): AiGatewayApi {
    return {
      call: (endpoint, input) => callEndpoint(this.fetch, endpoint, input),
    };
  }

  readonly fetch: ControlPlaneFetch = async (path, init) => {
    init.signal?.throwIfAborted();
    const answer = await this.respond(path, init);
    init.signal?.throwIfAborted();
    return answer;
  };

  /** @param path - below `/api/ai-gateway`, with its query */
  async respond(
    path: string,
    init: Pick<RequestInit, 'method' | 'headers' | 'body'>,
  ): Promise<Response> {
    try {
      const { status, body } = await this.#dispatch(path, init);
      return json(status, body);
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      const { status, message, fields } = thrown;
      return json(
        status,
        {
          error: { name: nameOf(status), message, fields },
          response: { statusCode: status },
        },
        { 'x-request-id': 'req-42' },
      );
    }
  }

  async #dispatch(
    path: string,
    init: Pick<RequestInit, 'method' | 'headers' | 'body'>,
  ) {
    const url = new URL(path, 'http://control-plane');
    const found = findEndpoint(init.method ?? 'GET', url.pathname);
    if (!found) throw new Refusal(404, `No route for ${path}`);
    const { endpoint, params } = found;
    const call: ReceivedCall = {
      operationId: endpoint.operationId,
      params,
      query: parse(endpoint.query, Object.fromEntries(url.searchParams)),
      headers: new Headers(init.headers),
      body: undefined,
    };
    if (endpoint.body) {
      call.body = parse(endpoint.body, JSON.parse(String(init.body)));
    }
    this.calls.push(call);
    const handlers: Record<string, ((call: never) => unknown) | undefined> =
      this.#handlers;
    const handler = handlers[endpoint.operationId];
    if (!handler) {
      throw new Refusal(501, `${endpoint.operationId} is not answered here`);
    }
    // The call was parsed by the very schemas that the handler's type follows from.
    return { status: endpoint.status, body: await handler(call as never) };
  }
}

function findEndpoint(method: string, pathname: string) {
  for (const endpoint of Object.values<Endpoint>(endpoints)) {
    if (endpoint.method !== method.toLowerCase()) continue;
    const names = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, n]) => n);
    const pattern = endpoint.path.replace(/\{\w+\}/g, '([^/]+)');
    const match = new RegExp(`^${pattern}$`).exec(pathname);
    if (match) {
      const values = match.slice(1).map(decodeURIComponent);
      const params = Object.fromEntries(names.map((n, i) => [n, values[i]]));
      return { endpoint, params };
    }
  }
  return undefined;
}

function parse<S extends z.ZodType>(
  schema: S | undefined,
  value: unknown,
): Record<string, unknown> {
  if (!schema) return {};
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data as Record<string, unknown>;
  throw new Refusal(
    400,
    'The request is not valid',
    parsed.error.issues.map(issue => ({
      path: issue.path.join('.'),
      message: issue.message,
    })),
  );
}

function nameOf(status: number): string {
  if (status === 403) return 'NotAllowedError';
  if (status === 404) return 'NotFoundError';
  if (status === 409) return 'ConflictError';
  return status < 500 ? 'InputError' : 'Error';
}

function json(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Response {
  return new Response(status === 204 ? null : JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });
}
