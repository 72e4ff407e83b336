import { addHeaders, writeHead } from './answerHead';
import type { Exchange } from './exchange';

/** What is longer is not copied. */
const MAX_JOINED_BYTES = 16 * 1024;

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
  // A text goes out in one piece with the head, bytes as two pieces. In this encoding each byte is a character, whatever it is a part of.
  if (body.length <= MAX_JOINED_BYTES)
    res.end(body.toString('latin1'), 'latin1');
  else res.end(body);
}
