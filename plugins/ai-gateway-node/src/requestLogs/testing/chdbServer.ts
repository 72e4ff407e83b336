/**
 * ClickHouse's engine behind its HTTP interface, as far as a client's queries, inserts, bound parameters, settings and errors go. For
 * tests; the engine is the real one.
 *
 * A process of its own: the engine binds one data directory per process, and a test may freeze or kill it as it would a server.
 *
 * Environment: `CHDB_PORT` (default: any), `CHDB_PATH` (default: a directory that goes with the process), `CHDB_PASSWORD` (default: none
 * is asked for). Prints the URL in one line once it listens. Started by `startChdbServer.ts`.
 */
// eslint-disable-next-line @backstage/no-undeclared-imports -- runs in tests alone, where development dependencies are there
import { Session } from 'chdb';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What belongs to the HTTP server, which is this file, and not to the engine. */
const NOT_SETTINGS =
  /^(query|query_id|database|default_format|wait_end_of_query|enable_http_compression|.*http.*)$/;

/** Keeps the engine and its data open; queries have sessions of their own. */
const engine = new Session(process.env.CHDB_PATH ?? '');
const credentials =
  process.env.CHDB_PASSWORD &&
  `Basic ${Buffer.from(`default:${process.env.CHDB_PASSWORD}`).toString('base64')}`;

const quote = (value: string) =>
  `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

async function run(request: IncomingMessage): Promise<Uint8Array> {
  const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const body = await text(request);
  const statement = [searchParams.get('query'), body]
    .filter(Boolean)
    .join('\n');
  const settings = [...searchParams]
    .filter(([name]) => /^\w+$/.test(name) && !NOT_SETTINGS.test(name))
    .map(([name, value]) => `SET ${name} = ${quote(value)}; `);
  const database = searchParams.get('database') ?? 'default';
  // A session for each query, so that its settings and parameters end with it.
  const session = new Session(engine.path);
  try {
    const result = await session.queryAsync(
      `USE ${JSON.stringify(database)}; ${settings.join('')}${statement}`,
      { format: searchParams.get('default_format') ?? 'TabSeparated' },
    );
    return result.bytes();
  } finally {
    session.close();
  }
}

// One after another: parameters of queries that run at once could be mistaken for each other's (chdb 3.4).
let last: Promise<unknown> = Promise.resolve();

const server = createServer((request, response) => {
  if (request.url?.startsWith('/ping')) {
    response.end('Ok.\n');
    return;
  }
  if (credentials && request.headers.authorization !== credentials) {
    request.resume();
    response.writeHead(403, { 'x-clickhouse-exception-code': '516' });
    response.end(
      'Code: 516. DB::Exception: Authentication failed. (AUTHENTICATION_FAILED)',
    );
    return;
  }
  last = last
    .then(() => run(request))
    .then(
      bytes => response.end(bytes),
      (error: Error) => response.writeHead(500).end(error.message),
    );
});

server.listen(Number(process.env.CHDB_PORT ?? 0), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`http://127.0.0.1:${port}\n`);
});

function stop(): void {
  engine.close();
  process.exit(0);
}
process.on('SIGTERM', stop);
// Whoever started this process holds its standard input: when they end in whatever way, it ends too.
process.stdin.on('end', stop).resume();
