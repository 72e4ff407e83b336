import { type Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TracerProvider,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import type { IncomingMessage } from 'node:http';
import type { TraceSettings } from '../../config/TelemetrySettings';
import { endpointOf, isTool, pathOf } from '../endpointOf';
import { withoutKeys } from '../withoutKeys';
import { NO_TRACE, type RequestTrace } from './RequestTrace';
import { SpanTrace } from './SpanTrace';
import { contextOf } from './traceParent';

/** Spans that wait to be sent, at most; what comes beyond is dropped, and nothing waits for them. */
const MAX_QUEUE = 8_192;
const SEND_MS = 2_000;
const FLUSH_MS = 2_000;

/** Makes traces of requests and sends them by OTLP. */
export class Tracing {
  readonly #provider: TracerProvider;
  readonly #tracer: Tracer;
  readonly #propagate: boolean;

  /**
   * @param options - `gatewayId`, `version`: who says so
   */
  static create(options: {
    readonly settings: TraceSettings;
    readonly gatewayId: string;
    readonly version: string;
  }): Tracing {
    const { settings, gatewayId, version } = options;
    const provider = new TracerProvider({
      resource: defaultResource()
        .merge(
          resourceFromAttributes({
            'service.name': 'ai-gateway',
            'service.version': version,
            'service.instance.id': gatewayId,
          }),
        )
        // What the operator says by OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES counts.
        .merge(detectResources({ detectors: [envDetector] })),
      sampler: new ParentBasedSampler({
        root: new TraceIdRatioBasedSampler(settings.sampleRatio),
      }),
      spanProcessors: [
        new BatchSpanProcessor({
          exporter: new OTLPTraceExporter({ url: settings.tracesUrl }),
          maxQueueSize: MAX_QUEUE,
          scheduledDelayMillis: SEND_MS,
        }),
      ],
    });
    return new Tracing(provider, settings.propagate, version);
  }

  private constructor(
    provider: TracerProvider,
    propagate: boolean,
    version: string,
  ) {
    this.#provider = provider;
    this.#tracer = provider.getTracer('ai-gateway', version);
    this.#propagate = propagate;
  }

  /** A request has come. */
  begin(req: IncomingMessage, requestId: string): RequestTrace {
    const path = pathOf(req.url);
    if (isTool(path)) return NO_TRACE;
    const endpoint = endpointOf(path);
    return SpanTrace.begin({
      tracer: this.#tracer,
      parent: contextOf(req.headers.traceparent),
      // Of few values, as a name should be: a path that is not known may be anything.
      name:
        endpoint === 'other' ? `${req.method}` : `${req.method} ${endpoint}`,
      attributes: {
        'http.request.method': req.method,
        'url.path': withoutKeys(path).slice(0, 200),
        'aigateway.endpoint': endpoint,
        'aigateway.request_id': requestId,
      },
      propagate: this.#propagate,
    });
  }

  /** Sends what waits, but does not wait long. */
  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>(resolve => {
      timer = setTimeout(resolve, FLUSH_MS);
    });
    // Traces that cannot be sent are no reason to fail.
    await Promise.race([
      this.#provider.shutdown().catch(() => undefined),
      late,
    ]);
    clearTimeout(timer);
  }
}
