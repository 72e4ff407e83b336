import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Endpoint } from '../endpoints';
import type { Gateway } from '../pipeline/Gateway';
import { RequestTrail } from '../requestLogs/RequestTrail';
import { AccessLog } from '../telemetry/AccessLog';
import { Waits } from '../telemetry/Waits';
import { errorShapeOf } from './errorShapeOf';
import { AccessFacts, idHeaders, requestIdOf, type Exchange } from './exchange';
import { exchangeOf, setExchange } from './exchangeOf';
import { QueuedResponses } from './QueuedResponses';

/** What of the gateway every request has to do with. */
export type ExchangeParts = Pick<
  Gateway,
  'leaving' | 'log' | 'monotonic' | 'newId' | 'now' | 'overload' | 'telemetry'
>;

/** Begins and ends what there is of every request, whichever way it goes in between. */
export class Exchanges {
  readonly #parts: ExchangeParts;
  readonly #queued = new QueuedResponses();
  /** The one listener for the end of a response, shared by all of them. */
  readonly #onClose: (this: ServerResponse) => void;

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
    const access = AccessLog.create(parts);
    const { overload, telemetry } = parts;
    this.#onClose = function closed() {
      const exchange = exchangeOf(this);
      if (exchange.isClosed) return;
      exchange.isClosed = true;
      overload.bodies.letGo(exchange);
      exchange.trail.closed(parts.monotonic());
      telemetry.requestEnded(exchange);
      access.write(exchange);
      // Last: whatever becomes of it, the above is done.
      exchange.onClose?.closed();
    };
  }

  /**
   * A request has come.
   *
   * @param endpoint - what it asks for, if that is known
   */
  begin(
    req: IncomingMessage,
    res: ServerResponse,
    endpoint: Endpoint | undefined,
  ): Exchange {
    const { leaving, monotonic, newId, now, telemetry } = this.#parts;
    const requestId = requestIdOf(req.headers['x-request-id'], newId);
    const errors =
      endpoint?.errors ?? errorShapeOf(req.url ?? '/', req.headers);
    const exchange: Exchange = {
      req,
      res,
      requestId,
      errors,
      receivedAt: now(),
      startedAt: monotonic(),
      headers: idHeaders(requestId, errors),
      facts: new AccessFacts(),
      trail: new RequestTrail(),
      waits: new Waits(monotonic),
      trace: telemetry.trace(req, requestId),
      heldBytes: 0,
      onClose: null,
      isClosed: false,
    };
    // Whoever goes on asks somewhere else.
    if (leaving()) res.shouldKeepAlive = false;
    setExchange(res, exchange);
    telemetry.requestBegan(exchange);
    res.on('close', this.#onClose);
    this.#queued.follow(req, res);
    return exchange;
  }
}
