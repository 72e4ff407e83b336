import type { AddressPolicy } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { buildConnector, Client } from 'undici';
import type { UpstreamSettings } from '../config/GatewaySettings';
import type { ProbeRequest, UpstreamRequest } from '../providers/spec';
import { AnswerHandler, type Expected } from './AnswerHandler';
import { OriginPool } from './OriginPool';
import type { Stop } from './Stop';
import type { UpstreamAnswer, UpstreamFailed } from './UpstreamAnswer';

/** What is to come of a request; what is left out is as the gateway is configured. */
export interface SendOptions {
  /** Whether a success is a stream of events. */
  readonly streamed: boolean;
  /** Milliseconds to the head of an answer. */
  readonly headMs?: number;
  /** Milliseconds between two pieces of it. */
  readonly idleMs?: number;
}

/** The most that is read of an answer to a question that costs nothing. */
const MAX_PROBE_BYTES = 1024 * 1024;

/** Connections to providers: a pool for each origin, kept alive, one request at a time on each connection. */
export class UpstreamPools {
  readonly #addresses: AddressPolicy;
  readonly #settings: UpstreamSettings;
  readonly #pools = new Map<string, OriginPool>();

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

  /** Sends a request and waits for its answer: for all of it, or for the head of a stream. */
  send(
    origin: string,
    { path, headers, body }: UpstreamRequest,
    stop: Stop,
    { streamed, headMs, idleMs }: SendOptions,
  ): Promise<UpstreamAnswer> {
    const { firstByteTimeoutMs, idleTimeoutMs, maxAnswerBytes } =
      this.#settings;
    return this.#request(
      origin,
      { method: 'POST', path, headers, body },
      stop,
      {
        accept: streamed ? 'text/event-stream' : 'application/json',
        headMs: headMs ?? firstByteTimeoutMs,
        idleMs: idleMs ?? idleTimeoutMs,
        maxBytes: maxAnswerBytes,
      },
    );
  }

  /** Asks for something that costs nothing. */
  get(
    origin: string,
    { path, headers }: ProbeRequest,
    stop: Stop,
  ): Promise<UpstreamAnswer> {
    const { firstByteTimeoutMs, idleTimeoutMs } = this.#settings;
    return this.#request(origin, { method: 'GET', path, headers }, stop, {
      accept: '',
      headMs: firstByteTimeoutMs,
      idleMs: idleTimeoutMs,
      maxBytes: MAX_PROBE_BYTES,
    });
  }

  #request(
    origin: string,
    request: {
      readonly method: 'GET' | 'POST';
      readonly path: string;
      readonly headers: readonly string[];
      readonly body?: Buffer;
    },
    stop: Stop,
    expected: Expected,
  ): Promise<UpstreamAnswer> {
    const pool = stop.isOver ? undefined : this.#poolOf(origin);
    return new Promise(resolve => {
      if (!pool) {
        resolve(
          stop.isOver
            ? unasked('aborted', 'given up before it was sent')
            : unasked('refused', `${origin} may not be connected to`),
        );
        return;
      }
      const connection = pool.take();
      connection.dispatch(
        // Undici does not say that it only reads them.
        request as typeof request & { headers: string[] },
        new AnswerHandler(expected, stop, connection, resolve),
      );
    });
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

  #poolOf(origin: string): OriginPool | undefined {
    const known = this.#pools.get(origin);
    if (known) return known;
    // An address in the URL itself; a name is judged by what it resolves to, when it is connected to.
    if (!this.#addresses.checkUrl(origin).ok) return undefined;
    // Shared, as are the TLS sessions that it remembers.
    const connect = buildConnector({
      allowH2: false,
      timeout: this.#settings.connectTimeoutMs,
      lookup: this.#addresses.lookup,
    });
    const pool = new OriginPool(
      () =>
        new Client(origin, {
          connect,
          pipelining: 1,
          allowH2: false,
          // Whoever handles an answer looks after its time.
          headersTimeout: 0,
          bodyTimeout: 0,
        }),
    );
    this.#pools.set(origin, pool);
    return pool;
  }
}

function unasked(
  failure: UpstreamFailed['failure'],
  detail: string,
): UpstreamFailed {
  return { kind: 'failed', failure, asked: false, detail };
}
