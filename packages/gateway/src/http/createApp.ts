import { gatewayOpenApi } from '@ai-gateway/backstage-plugin-ai-gateway-common/openapi';
import express, {
  type ErrorRequestHandler,
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { ENDPOINTS } from '../endpoints';
import { refuse } from '../errors/registry';
import type { Gateway } from '../pipeline/Gateway';
import type { MetricsSettings } from '../config/TelemetrySettings';
import { exchangeOf } from './exchangeOf';
import { health } from './health';
import { metrics } from './metrics';
import { models } from './models';
import { sendRefusal } from './sendRefusal';
import type { ServeModel } from './serveModel';
import { tellBug } from './tellBug';

/** What the routes are made with. */
export interface AppOptions {
  readonly publicUrl: string;
  readonly serveModel: ServeModel;
  readonly metrics: MetricsSettings;
  /** What `/metrics` answers. */
  readonly readMetrics: () => Promise<string>;
}

/** The gateway's routes. Each request has been noted as an exchange before it comes here. */
export function createApp(gateway: Gateway, options: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);

  app.use(setHeaders);
  for (const endpoint of ENDPOINTS) {
    app.post(endpoint.path, (_req, res) =>
      options.serveModel(exchangeOf(res), endpoint),
    );
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

/** Express answers some requests by itself: what belongs to every answer has to be there before. */
function setHeaders(_req: Request, res: Response, next: NextFunction): void {
  const { headers } = exchangeOf(res);
  for (let at = 0; at < headers.length; at += 2) {
    res.setHeader(headers[at], headers[at + 1]);
  }
  headers.length = 0;
  next();
}

function notAllowed(allowed: string): RequestHandler {
  return (req, res) => {
    const exchange = exchangeOf(res);
    const refusal = refuse('method_not_allowed', {
      method: req.method,
      allowed,
    });
    sendRefusal(exchange, refusal, ['allow', allowed]);
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
    if (error instanceof URIError) {
      sendRefusal(exchange, refuse('malformed_http', {}));
    } else {
      tellBug(exchange, error, gateway.log);
    }
  };
}
