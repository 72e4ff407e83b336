import { gatewayOpenApi } from '@ai-gateway/backstage-plugin-ai-gateway-common/openapi';
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { ENDPOINTS } from '../endpoints';
import { refuse } from '../errors/registry';
import type { Gateway } from '../pipeline/Gateway';
import { RequestTrail } from '../requestLogs/RequestTrail';
import type { MetricsSettings } from '../config/TelemetrySettings';
import { accessLogOf, logAccess } from '../telemetry/logAccess';
import { Waits } from '../telemetry/Waits';
import { errorShapeOf } from './errorShapeOf';
import { requestIdOf } from './exchange';
import { exchangeOf, setExchange } from './exchangeOf';
import { health } from './health';
import { metrics } from './metrics';
import { modelRequest } from './modelRequest';
import { models } from './models';
import type { RequestsUnderWay } from './RequestsUnderWay';
import { sendRefusal } from './sendRefusal';

/** The gateway's routes. */
export function createApp(
  gateway: Gateway,
  options: {
    readonly publicUrl: string;
    readonly underWay: RequestsUnderWay;
    readonly metrics: MetricsSettings;
    /** What `/metrics` answers. */
    readonly readMetrics: () => Promise<string>;
  },
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);

  app.use(noteExchange(gateway));
  for (const endpoint of ENDPOINTS) {
    app.post(endpoint.path, modelRequest(endpoint, gateway, options.underWay));
  }
  app.use(models(gateway));
  app.use(health(gateway));
  app.use(metrics(options.metrics, options.readMetrics));
  const openApi = JSON.stringify(gatewayOpenApi(options.publicUrl));
  app.get('/openapi.json', (_req, res) => {
    res.type('application/json').send(openApi);
  });

  for (const { path } of ENDPOINTS) app.all(path, notAllowed('POST'));
  for (const path of [
    '/v1/models',
    '/v1/models/:model',
    '/healthz',
    '/readyz',
    '/openapi.json',
  ]) {
    app.all(path, notAllowed('GET, HEAD'));
  }
  app.use(unknownEndpoint);
  app.use(bug(gateway));
  return app;
}

function noteExchange(gateway: Gateway): RequestHandler {
  const access = {
    log: accessLogOf(gateway.log),
    monotonic: gateway.monotonic,
  };
  return (req, res, next) => {
    const requestId = requestIdOf(req.headers['x-request-id'], gateway.newId);
    const errors = errorShapeOf(req.url, req.headers);
    res.setHeader('x-request-id', requestId);
    // By which name Anthropic's clients look for it.
    if (errors === 'anthropic') res.setHeader('request-id', requestId);
    const exchange = {
      req,
      res,
      requestId,
      errors,
      receivedAt: gateway.now(),
      startedAt: gateway.monotonic(),
      facts: {},
      trail: new RequestTrail(),
      waits: new Waits(gateway.monotonic),
      trace: gateway.telemetry.trace(req, requestId),
    };
    // Whoever goes on asks somewhere else.
    if (gateway.leaving()) res.shouldKeepAlive = false;
    setExchange(res, exchange);
    gateway.telemetry.requestBegan(exchange);
    res.once('close', () => {
      gateway.telemetry.requestEnded(exchange);
      logAccess(exchange, access);
    });
    next();
  };
}

function notAllowed(allowed: string): RequestHandler {
  return (req, res) => {
    const exchange = exchangeOf(res);
    const refusal = refuse('method_not_allowed', {
      method: req.method,
      allowed,
    });
    sendRefusal(exchange, refusal, { allow: allowed });
  };
}

function unknownEndpoint(req: Request, res: Response): void {
  const exchange = exchangeOf(res);
  const refusal = refuse('unknown_endpoint', {
    method: req.method,
    path: req.path.slice(0, 200),
  });
  sendRefusal(exchange, refusal);
}

/** Whatever is thrown is a bug, but for a path that cannot be decoded, which Express throws. */
function bug(gateway: Gateway): ErrorRequestHandler {
  return (error, _req, res, _next) => {
    const exchange = exchangeOf(res);
    const refusal =
      error instanceof URIError
        ? refuse('malformed_http', {})
        : refuse('internal_error', {});
    exchange.facts.errorCode = refusal.code;
    if (refusal.code === 'internal_error') {
      gateway.log.error(
        { err: error, requestId: exchange.requestId },
        'A request failed by a bug',
      );
    }
    // Once an answer has begun it cannot be taken back; that it is broken off is the only way to tell.
    if (res.headersSent) res.destroy();
    else sendRefusal(exchange, refusal);
  };
}
