import { addHeaders, writeHead } from './answerHead';
import type { Exchange } from './exchange';

/** Gives the client an answer that is JSON and whole. */
export function sendAnswer(
  exchange: Pick<Exchange, 'res' | 'headers'>,
  body: Buffer,
  headers?: Readonly<Record<string, string>>,
): void {
  const { res } = exchange;
  if (res.destroyed) return;
  if (headers) addHeaders(exchange, headers);
  exchange.headers.push(
    'content-type',
    'application/json',
    'content-length',
    String(body.length),
  );
  writeHead(exchange, 200);
  res.end(body);
}
