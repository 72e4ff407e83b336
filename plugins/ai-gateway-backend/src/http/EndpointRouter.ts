import type {
  AuditorService,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { Endpoint } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { Request, Router } from 'express';
import type { z } from 'zod';
import { callerOf, type Caller } from './Caller';
import { parse } from './parse';

type Output<T> = T extends z.ZodType ? z.output<T> : undefined;

/** A request that fits its endpoint's contract, of a caller who is signed in. */
export interface EndpointRequest<T extends Endpoint> {
  readonly caller: Caller;
  readonly params: Output<T['params']>;
  readonly query: Output<T['query']>;
  readonly headers: Output<T['headers']>;
  readonly body: Output<T['body']>;
}

/** Authorises, calls one service, and gives what the answer holds. */
export type EndpointHandler<T extends Endpoint> = (
  request: EndpointRequest<T>,
) => Promise<T['response'] extends z.ZodType ? z.input<T['response']> : void>;

/**
 * Mounts endpoints of the contract: signs the caller in, reads the request by the endpoint's schemas, writes what the handler gives by
 * the endpoint's schema, so that nothing beyond the contract ever leaves, and leaves a trail of every write in the auditor.
 */
export class EndpointRouter {
  readonly #router: Router;
  readonly #httpAuth: HttpAuthService;
  readonly #auditor: AuditorService;

  static create(options: {
    router: Router;
    httpAuth: HttpAuthService;
    auditor: AuditorService;
  }): EndpointRouter {
    return new EndpointRouter(options);
  }

  private constructor(options: {
    router: Router;
    httpAuth: HttpAuthService;
    auditor: AuditorService;
  }) {
    this.#router = options.router;
    this.#httpAuth = options.httpAuth;
    this.#auditor = options.auditor;
  }

  mount<T extends Endpoint>(endpoint: T, handler: EndpointHandler<T>): void {
    const path = endpoint.path.replace(/\{(\w+)\}/g, ':$1');
    this.#router[endpoint.method](path, async (req, res) => {
      const caller = callerOf(
        await this.#httpAuth.credentials(req, { allow: ['user', 'service'] }),
      );
      const answer = await this.#withAuditTrail(endpoint, req, async () =>
        handler({
          caller,
          params: parse<T['params']>(endpoint.params, req.params),
          query: parse<T['query']>(endpoint.query, req.query),
          headers: parse<T['headers']>(endpoint.headers, req.headers),
          body: parse<T['body']>(endpoint.body, req.body ?? {}),
        }),
      );
      // Answers depend on who asks, and one of them holds a secret.
      res.setHeader('cache-control', 'no-store');
      res.status(endpoint.status);
      if (endpoint.response) res.json(render(endpoint, answer));
      else res.end();
    });
  }

  async #withAuditTrail<R>(
    endpoint: Endpoint,
    request: Request,
    run: () => Promise<R>,
  ): Promise<R> {
    if (endpoint.method === 'get') return run();
    const event = await this.#auditor.createEvent({
      eventId: endpoint.operationId.replace(
        /[A-Z]/g,
        letter => `-${letter.toLowerCase()}`,
      ),
      severityLevel: 'medium',
      request,
      meta: { ...request.params },
    });
    try {
      const result = await run();
      await event.success();
      return result;
    } catch (error) {
      await event.fail({ error: toError(error) });
      throw error;
    }
  }
}

function render(endpoint: Endpoint, answer: unknown): unknown {
  const rendered = endpoint.response?.safeParse(answer);
  if (!rendered?.success) {
    // A bug of ours. Only where, never what: the value may be one that must not leave.
    const where = rendered?.error.issues.map(issue => issue.path.join('.'));
    throw new TypeError(
      `The answer of ${endpoint.operationId} does not fit its contract at ${where?.slice(0, 5).join(', ')}`,
    );
  }
  return rendered.data;
}
