import type { UsageEvent } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { IncomingMessage } from 'node:http';
import type { TelemetrySettings } from '../config/TelemetrySettings';
import type { Exchange } from '../http/exchange';
import type { Attempt } from '../metering/usageEvent';
import { endpointOf, isTool, pathOf } from './endpointOf';
import { figure, type Figure } from './metrics/Figure';
import { Metrics, type MetricsReport } from './metrics/Metrics';
import { verdictOf } from './metrics/verdictOf';
import {
  attemptAttributes,
  attemptEnd,
  attemptName,
  operationOf,
} from './tracing/genAi';
import {
  NO_TRACE,
  type AttemptTrace,
  type RequestTrace,
  type SpanEnd,
  type TraceHeaders,
} from './tracing/RequestTrace';
import { Tracing } from './tracing/Tracing';
import { withoutKeys } from './withoutKeys';

export interface TelemetryOptions {
  readonly settings: TelemetrySettings;
  readonly gatewayId: string;
  readonly version: string;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
  /** The model that is asked for by a name; those that the configuration does not have are counted together. */
  readonly modelOf: (name: string) => { readonly id: string } | undefined;
}

/**
 * What the gateway tells of itself: figures, and traces if they are asked for. Whoever has something to tell calls one method here, and
 * nothing that is told holds a prompt, an answer or a credential.
 */
export class Telemetry {
  readonly #metrics: Metrics;
  readonly #tracing: Tracing | null;
  readonly #monotonic: () => number;
  readonly #modelOf: TelemetryOptions['modelOf'];
  readonly #attempts = new WeakMap<Attempt, AttemptTrace>();
  #requests = 0;
  #streams = 0;

  static create(options: TelemetryOptions): Telemetry {
    return new Telemetry(options);
  }

  private constructor(options: TelemetryOptions) {
    const { settings } = options;
    this.#monotonic = options.monotonic;
    this.#modelOf = options.modelOf;
    this.#metrics = Metrics.create(settings.metrics);
    this.#tracing = settings.traces
      ? Tracing.create({
          settings: settings.traces,
          gatewayId: options.gatewayId,
          version: options.version,
        })
      : null;
    this.watch(
      figure(
        'gauge',
        'aigateway_requests_active',
        'Requests under way, streams included',
        () => this.#requests,
      ),
    );
    this.watch(
      figure(
        'gauge',
        'aigateway_streams_active',
        'Streams under way',
        () => this.#streams,
      ),
    );
  }

  /** Requests under way, those of the operator's own tools left out. */
  get activeRequests(): number {
    return this.#requests;
  }

  /** The trace of a request that has come. */
  trace(req: IncomingMessage, requestId: string): RequestTrace {
    return this.#tracing ? this.#tracing.begin(req, requestId) : NO_TRACE;
  }

  /** A request has come: it is counted. */
  requestBegan({ req }: Exchange): void {
    if (!isTool(pathOf(req.url))) this.#requests += 1;
  }

  /** A request that began is over, whichever way. */
  requestEnded(exchange: Exchange): void {
    const path = pathOf(exchange.req.url);
    if (isTool(path)) return;
    this.#requests -= 1;
    this.#tell(exchange, endpointOf(path));
  }

  /** A stream begins to flow to a client. */
  streamBegan({ res }: Exchange): void {
    if (res.destroyed) return;
    this.#streams += 1;
    res.once('close', () => {
      this.#streams -= 1;
    });
  }

  /** An attempt is about to be made; what is returned goes along with it to the upstream. */
  attemptBegan({ trace }: Exchange, attempt: Attempt): TraceHeaders {
    if (trace === NO_TRACE) return {};
    const began = trace.attempt(attemptName(attempt), () =>
      attemptAttributes(attempt),
    );
    this.#attempts.set(attempt, began);
    return began.headers;
  }

  /** An attempt is over, and this is what is booked of it. */
  attemptEnded(attempt: Attempt, event: UsageEvent): void {
    this.#metrics.attemptEnded(event, attempt.deployment.provider.name);
    this.#attempts.get(attempt)?.end(attemptEnd(event));
  }

  /** A request was refused at its headers, as there was too much of something. */
  shed(reason: string): void {
    this.#metrics.shed(reason);
  }

  /** Has a figure asked for whenever metrics are read. */
  watch<L extends string>(watched: Figure<L>): void {
    this.#metrics.watch(watched);
  }

  /** In Prometheus' text format. */
  renderMetrics(): Promise<string> {
    return this.#metrics.render();
  }

  /** For those who add up the figures of several processes. */
  reportMetrics(): Promise<MetricsReport> {
    return this.#metrics.report();
  }

  /** Sends what waits to be sent. */
  async close(): Promise<void> {
    await this.#tracing?.close();
  }

  #tell(exchange: Exchange, endpoint: string): void {
    const { res, facts, waits, startedAt } = exchange;
    const hungUp = !res.writableFinished;
    const verdict = verdictOf(facts.errorCode, hungUp);
    const status = res.headersSent ? String(res.statusCode) : 'none';
    this.#metrics.requestEnded({
      endpoint,
      model: this.#modelLabel(facts.model),
      status,
      verdict,
      seconds: (this.#monotonic() - startedAt) / 1_000,
      upstreamSeconds: waits.of('upstream') / 1_000,
      clientSeconds: waits.of('client') / 1_000,
    });
    exchange.trace.end(() => requestEnd(exchange, endpoint, verdict.code));
  }

  #modelLabel(model: string | undefined): string {
    return model === undefined
      ? 'none'
      : (this.#modelOf(model)?.id ?? 'unknown');
  }
}

function requestEnd(
  { res, facts }: Exchange,
  endpoint: string,
  code: string,
): SpanEnd {
  return {
    attributes: {
      ...(res.headersSent && { 'http.response.status_code': res.statusCode }),
      'gen_ai.operation.name': operationOf(endpoint),
      'gen_ai.request.model':
        facts.model && withoutKeys(facts.model).slice(0, 255),
      'aigateway.project': facts.projectId,
      'aigateway.key_id': facts.keyId,
      'aigateway.outcome': facts.outcome,
    },
    errorType: code === 'none' ? null : code,
  };
}
