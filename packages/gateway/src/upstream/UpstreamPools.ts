import type { AddressPolicy } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { Pool } from 'undici';
import type { UpstreamSettings } from '../config/GatewaySettings';
import type { ProbeRequest, UpstreamRequest } from '../providers/spec';
import { AskedHandler } from './AskedHandler';

/** What came of sending a request upstream, up to the headers of its answer. */
export type UpstreamAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      readonly body: Readable;
    }
  | {
      readonly kind: 'failed';
      readonly failure: UpstreamFailure;
      /** Whether the request has been written to a connection, if only in part; until then the upstream knows nothing of it. */
      readonly asked: boolean;
      /** For the log. */
      readonly detail: string;
    };

/**
 * - `unreachable`: no connection was made, so that nothing can have been asked
 * - `refused`: the address is one that is never connected to
 * - `timeout`: connected and asked, and no answer in time
 * - `broken`: connected, and the connection ended without an answer
 * - `aborted`: we gave up, by the signal; in whatever phase
 */
export type UpstreamFailure =
  'unreachable' | 'refused' | 'timeout' | 'broken' | 'aborted';

/** How long an answer may take; what is left out is as the gateway is configured. */
export interface SendTimeouts {
  /** To its head. */
  readonly headMs?: number;
  /** Between two pieces of it. */
  readonly idleMs?: number;
}

/** Connections to providers: a pool for each origin, kept alive, one request at a time on each connection. */
export class UpstreamPools {
  readonly #addresses: AddressPolicy;
  readonly #settings: UpstreamSettings;
  readonly #pools = new Map<string, Pool>();

  static create(options: {
    addresses: AddressPolicy;
    settings: UpstreamSettings;
  }): UpstreamPools {
    return new UpstreamPools(options.addresses, options.settings);
  }

  private constructor(addresses: AddressPolicy, settings: UpstreamSettings) {
    this.#addresses = addresses;
    this.#settings = settings;
  }

  /**
   * Sends a request and waits for the head of its answer.
   *
   * @param timeouts - in place of those that the gateway is configured with
   */
  send(
    origin: string,
    request: UpstreamRequest,
    signal: AbortSignal,
    timeouts: SendTimeouts = {},
  ): Promise<UpstreamAnswer> {
    return this.#request(
      origin,
      { method: 'POST', ...request },
      signal,
      timeouts,
    );
  }

  /** Asks for something that costs nothing. */
  get(
    origin: string,
    request: ProbeRequest,
    signal: AbortSignal,
  ): Promise<UpstreamAnswer> {
    return this.#request(origin, { method: 'GET', ...request }, signal, {});
  }

  async #request(
    origin: string,
    request: ProbeRequest & {
      readonly method: 'GET' | 'POST';
      readonly body?: Buffer;
    },
    signal: AbortSignal,
    timeouts: SendTimeouts,
  ): Promise<UpstreamAnswer> {
    let asked = false;
    const fail = (failure: UpstreamFailure, detail: string) =>
      ({ kind: 'failed', failure, asked, detail }) as const;
    try {
      if (signal.aborted) return fail('aborted', 'given up before it was sent');
      const pool = this.#poolOf(origin);
      if (!pool) return fail('refused', `${origin} may not be connected to`);
      const telling = pool.compose(
        AskedHandler.interceptor(() => {
          asked = true;
        }),
      );
      const { statusCode, headers, body } = await telling.request({
        method: request.method,
        path: request.path,
        headers: request.headers,
        body: request.body,
        signal,
        headersTimeout: timeouts.headMs,
        bodyTimeout: timeouts.idleMs,
      });
      return { kind: 'answer', status: statusCode, headers, body };
    } catch (error) {
      return fail(failureOf(error, signal), describe(error));
    }
  }

  /** Lets go of connections to origins that are no longer configured; what is under way on them finishes. */
  retain(origins: ReadonlySet<string>): void {
    for (const [origin, pool] of this.#pools) {
      if (origins.has(origin)) continue;
      this.#pools.delete(origin);
      pool.close().catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map(pool => pool.destroy()));
  }

  #poolOf(origin: string): Pool | undefined {
    const known = this.#pools.get(origin);
    if (known) return known;
    // An address in the URL itself; a name is judged by what it resolves to, when it is connected to.
    if (!this.#addresses.checkUrl(origin).ok) return undefined;
    const { connectTimeoutMs, firstByteTimeoutMs, idleTimeoutMs } =
      this.#settings;
    const pool = new Pool(origin, {
      // As many as there are requests: a stream has its connection for as long as it lasts.
      connections: null,
      pipelining: 1,
      allowH2: false,
      headersTimeout: firstByteTimeoutMs,
      bodyTimeout: idleTimeoutMs,
      connect: { timeout: connectTimeoutMs, lookup: this.#addresses.lookup },
    });
    this.#pools.set(origin, pool);
    return pool;
  }
}

function failureOf(error: unknown, signal: AbortSignal): UpstreamFailure {
  if (signal.aborted) return 'aborted';
  switch (codeOf(error)) {
    case 'UND_ERR_HEADERS_TIMEOUT':
      return 'timeout';
    case 'EADDRREFUSED':
      return 'refused';
    case 'UND_ERR_SOCKET':
    case 'ECONNRESET':
    case 'EPIPE':
      return 'broken';
    default:
      // A name that does not resolve, a port that nobody listens on, a certificate that is not trusted, a connection not made in time.
      return isProtocolError(error) ? 'broken' : 'unreachable';
  }
}

/** An answer that is not HTTP, or whose headers never end. */
function isProtocolError(error: unknown): boolean {
  return (
    codeOf(error)?.startsWith('HPE_') === true ||
    codeOf(error) === 'UND_ERR_HEADERS_OVERFLOW'
  );
}

function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'string'
    ? error.code
    : undefined;
}

function describe(error: unknown): string {
  const first =
    error instanceof AggregateError ? (error.errors[0] ?? error) : error;
  return first instanceof Error ? first.message : String(first);
}
