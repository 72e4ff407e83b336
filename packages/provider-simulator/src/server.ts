import { randomUUID } from 'node:crypto';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { anthropic } from './anthropic';
import { PromptCache } from './anthropic/promptCache';
import { azure } from './azure';
import { parseBehaviour, type Behaviour } from './behaviour/behaviour';
import { Behaviours, type BehaviourState } from './behaviour/behaviours';
import { listBehaviours, setBehaviour } from './behaviour/routes';
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

const DIALECTS: readonly Dialect[] = [anthropic, azure, openai];

const OWN_ROUTES: Readonly<Record<string, Handler>> = {
  'GET /healthz': (_req, res) => sendJson(res, 200, '{"status":"ok"}'),
  'GET /__sim/stats': (_req, res, { stats }) =>
    sendJson(res, 200, JSON.stringify(stats.read())),
  'GET /__sim/behaviour': listBehaviours,
  'POST /__sim/behaviour': setBehaviour,
  'POST /__sim/reset': (_req, res, simulator) => {
    reset(simulator);
    sendJson(res, 200, '{"status":"ok"}');
  },
};

/** A simulator that accepts requests. */
export interface ProviderSimulator {
  /**
   * Its origin, such as `http://127.0.0.1:4010`: the base URL of Anthropic clients and the endpoint of Azure ones;
   * OpenAI clients take `${url}/v1`.
   */
  readonly url: string;
  readonly port: number;
  stats(): SimulatorStats;
  resetStats(): void;
  /**
   * Sets how a model behaves from now on, instead of how it did.
   *
   * @throws RangeError when the behaviour makes no sense
   */
  setBehaviour(behaviour: Behaviour): void;
  behaviours(): readonly BehaviourState[];
  /** Statistics, behaviours and the prompt cache, as after the start. */
  reset(): void;
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
  const now = () => performance.now();
  const simulator: Simulator = {
    catalogue: new Catalogue(options),
    stats: new StatsCollector(),
    behaviours: new Behaviours(now),
    promptCache: new PromptCache(now),
    apiKey: options.apiKey,
    azureToken: options.azureToken,
    now,
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
    setBehaviour: behaviour => {
      const parsed = parseBehaviour(behaviour);
      if (!parsed.ok) throw new RangeError(parsed.reason);
      simulator.behaviours.set(parsed.checked);
    },
    behaviours: () => simulator.behaviours.list(),
    reset: () => reset(simulator),
    close: () => close(server),
  };
}

function reset({ stats, behaviours, promptCache }: Simulator): void {
  stats.reset();
  behaviours.reset();
  promptCache.clear();
}

async function handle(
  req: IncomingMessage,
  res: ServerResponse,
  simulator: Simulator,
): Promise<void> {
  const method = req.method ?? 'GET';
  const path = (req.url ?? '/').split('?', 1)[0];
  const handler = routeOf(method, path, req.headers);
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

function routeOf(
  method: string,
  path: string,
  headers: IncomingHttpHeaders,
): Handler | undefined {
  for (const dialect of DIALECTS) {
    const handler = dialect.route(method, path, headers);
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
