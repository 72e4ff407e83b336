import type { RequestListener } from 'node:http';
import { ENDPOINTS, type Endpoint } from '../endpoints';
import { pathOf } from '../telemetry/endpointOf';
import { Exchanges, type ExchangeParts } from './Exchanges';
import type { ServeModel } from './serveModel';

const BY_PATH: ReadonlyMap<string, Endpoint> = new Map(
  ENDPOINTS.map(endpoint => [endpoint.path, endpoint]),
);

/**
 * What the server calls for each request. Requests to models, which is nearly all there is, go straight to the pipeline when their path is
 * written as it is in the documentation; whatever else comes is for the routes of Express, which know these paths as well and forgive more.
 */
export function createHandler(
  parts: ExchangeParts,
  routes: { readonly model: ServeModel; readonly others: RequestListener },
): RequestListener {
  const exchanges = new Exchanges(parts);
  return (req, res) => {
    const endpoint =
      req.method === 'POST' ? BY_PATH.get(pathOf(req.url)) : undefined;
    let exchange;
    try {
      exchange = exchanges.begin(req, res, endpoint);
    } catch (bug) {
      // There is nothing yet by which more could be told.
      parts.log.error({ err: bug }, 'A request could not begin');
      res.writeHead(500).end();
      return;
    }
    if (endpoint) void routes.model(exchange, endpoint);
    else routes.others(req, res);
  };
}
