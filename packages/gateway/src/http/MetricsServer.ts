import { createServer, type Server } from 'node:http';
import { listen } from './listen';
import { METRICS_TYPE } from './metrics';

const TIMEOUT_MS = 10_000;

/** A listener for `/metrics` and nothing else: whoever reaches it may read. */
export class MetricsServer {
  readonly url: string;
  readonly #server: Server;

  /** @throws what the system says when it cannot listen */
  static async start(
    where: { readonly host: string; readonly port: number },
    read: () => Promise<string>,
  ): Promise<MetricsServer> {
    const server = createServer(
      { headersTimeout: TIMEOUT_MS, requestTimeout: TIMEOUT_MS },
      async (req, res) => {
        const isMetrics = req.url?.split('?', 1)[0] === '/metrics';
        if (!isMetrics || (req.method !== 'GET' && req.method !== 'HEAD')) {
          res.writeHead(isMetrics ? 405 : 404).end();
          return;
        }
        try {
          const text = await read();
          res.writeHead(200, { 'content-type': METRICS_TYPE }).end(text);
        } catch {
          res.writeHead(500).end();
        }
      },
    );
    return new MetricsServer(server, await listen(server, where));
  }

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>(resolve => {
      this.#server.close(() => resolve());
    });
    this.#server.closeAllConnections();
    await closed;
  }
}
