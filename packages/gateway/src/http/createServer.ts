import {
  createServer as createHttpServer,
  type RequestListener,
  type Server,
} from 'node:http';
import type { Socket } from 'node:net';
import type { ClientSettings } from '../config/GatewaySettings';
import { refuse, type Refusal } from '../errors/registry';
import { errorBodyForAnyone } from '../errors/shapes';
import { ChunkedResponse } from './ChunkedResponse';
import { refusalHeaders } from './sendRefusal';

/** Longer than load balancers keep idle connections, so that none is closed under a request. */
const KEEP_ALIVE_MS = 75_000;
const MAX_HEADER_BYTES = 32 * 1024;

/** A server on which nobody can sit for ever: headers and bodies have their time and their size. */
export function createServer(
  handler: RequestListener,
  settings: ClientSettings,
  newId: () => string,
): Server {
  const server = createHttpServer(
    {
      headersTimeout: settings.headersTimeoutMs,
      requestTimeout: settings.requestTimeoutMs,
      connectionsCheckingInterval: Math.min(
        2_000,
        settings.headersTimeoutMs,
        settings.requestTimeoutMs,
      ),
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      noDelay: true,
      ServerResponse: ChunkedResponse,
    },
    handler,
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    answerRaw(socket, refusalOf(error), newId());
  });
  return server;
}

function refusalOf(error: NodeJS.ErrnoException): Refusal {
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return refuse('request_timeout', {});
    case 'HPE_HEADER_OVERFLOW':
      return refuse('headers_too_large', {});
    default:
      return refuse('malformed_http', {});
  }
}

/** For what is not even a request, and so has no response. */
function answerRaw(socket: Socket, refusal: Refusal, requestId: string): void {
  const body = errorBodyForAnyone(refusal, requestId);
  const headers = [
    ...refusalHeaders(refusal, body),
    'x-request-id',
    requestId,
    'connection',
    'close',
  ];
  let head = `HTTP/1.1 ${refusal.status} Refused\r\n`;
  for (let at = 0; at < headers.length; at += 2) {
    head += `${headers[at]}: ${headers[at + 1]}\r\n`;
  }
  socket.end(`${head}\r\n${body}`);
}
