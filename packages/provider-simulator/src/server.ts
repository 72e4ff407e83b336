import { randomUUID } from 'node:crypto';
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { Catalogue } from './catalogue';
import type { Dialect, Handler, Simulator } from './dialect';
import { sendJson } from './http/respond';
import { openai } from './openai';
import { errorBody, invalidRequest } from './openai/errors';
import type { SimulatorOptions } from './options';
import { StatsCollector, type SimulatorStats } from './stats';

/** Local only: a simulator answers whoever asks. */
const HOST = '127.0.0.1';
/** Longer than clients keep idle connections, so that none is closed under a request. */
const KEEP_ALIVE_MS = 120_000;

const DIALECTS: readonly Dialect[] = [openai];

const OWN_ROUTES: Readonly<Record<string, Handler>> = {
  'GET /healthz': (_req, res) => sendJson(res, 200, '{"status":"ok"}'),
  'GET /__sim/stats': (_req, res, { stats }) =>
    sendJson(res, 200, JSON.stringify(stats.read())),
  'POST /__sim/reset': (_req, res, { stats }) => {
    stats.reset();
    sendJson(res, 200, '{"status":"ok"}');
  },
};

/** A simulator that accepts requests. */
export interface ProviderSimulator {
  /** Its origin, such as `http://127.0.0.1:4010`; OpenAI clients take `${url}/v1` as their base URL. */
  readonly url: string;
  readonly port: number;
  stats(): SimulatorStats;
  resetStats(): void;
  /** Stops listening and breaks every connection, streams under way included. */
  close(): Promise<void>;
}

/**
 * Starts a provider simulator on 127.0.0.1.
 *
 * @throws the error of `listen`, such as `EADDRINUSE`
 */
export async function startProviderSimulator(
  options: SimulatorOptions = {},
): Promise<ProviderSimulator> {
  const simulator: Simulator = {
    catalogue: new Catalogue(options),
    stats: new StatsCollector(),
    apiKey: options.apiKey,
    now: () => performance.now(),
    unixTime: () => Math.floor(Date.now() / 1_000),
    newId: () => randomUUID().replaceAll('-', ''),
  };
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (req, res) =>
    handle(req, res, simulator),
  );
  const port = await listen(server, options.port ?? 0);
  return {
    url: `http://${HOST}:${port}`,
    port,
    stats: () => simulator.stats.read(),
    resetStats: () => simulator.stats.reset(),
    close: () => close(server),
  };
}

async function handle(
  req: IncomingMessage,
  res: ServerResponse,
  simulator: Simulator,
): Promise<void> {
  const method = req.method ?? 'GET';
  const path = (req.url ?? '/').split('?', 1)[0];
  const handler = routeOf(method, path);
  if (!handler) {
    const error = invalidRequest(`Unknown request URL: ${method} ${path}.`, {
      status: 404,
      code: 'unknown_url',
    });
    sendJson(res, error.status, errorBody(error));
    return;
  }
  try {
    await handler(req, res, simulator);
  } catch (error) {
    // Only a bug comes here: it is told to whoever runs the simulator, and the client is not left waiting.
    process.stderr.write(
      `provider simulator: ${error instanceof Error ? error.stack : String(error)}\n`,
    );
    if (res.headersSent) res.destroy();
    else
      sendJson(
        res,
        500,
        errorBody({
          status: 500,
          message: 'The simulator failed.',
          type: 'server_error',
          param: null,
          code: null,
        }),
      );
  }
}

function routeOf(method: string, path: string): Handler | undefined {
  for (const dialect of DIALECTS) {
    const handler = dialect.route(method, path);
    if (handler) return handler;
  }
  return OWN_ROUTES[`${method} ${path}`];
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      const address = server.address();
      if (typeof address === 'object' && address) resolve(address.port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close(error => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}
