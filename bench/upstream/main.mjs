// @ts-check
/**
 * The upstream of benchmarks: answers every request with fixed bytes, short or as a paced stream, and does nothing else.
 *
 * The provider simulator is too honest for this: it counts tokens, and costs more for each request than what is to be measured. This one
 * speaks only as much HTTP/1.1 as it needs to find where a request ends, straight on a socket.
 *
 * Arguments: port, tokens of a stream, milliseconds between two of them.
 */
import { createServer } from 'node:net';
import {
  listAnswer,
  shortAnswer,
  streamHead,
  streamPieces,
} from './answers.mjs';

const [port, tokens, everyMs] = process.argv.slice(2).map(Number);

const plain = streamPieces(false);
const withUsage = streamPieces(true);
const headEnd = Buffer.from('\r\n\r\n');
const lastChunk = Buffer.from('0\r\n\r\n');

/**
 * @param {import('node:net').Socket} socket
 * @param {typeof plain} pieces
 */
const stream = (socket, pieces) => {
  let sent = 0;
  socket.write(Buffer.concat([streamHead, pieces.first]));
  const timer = setInterval(() => {
    sent += 1;
    if (sent <= tokens) {
      socket.write(pieces.token);
      return;
    }
    clearInterval(timer);
    socket.write(pieces.end);
  }, everyMs);
  socket.once('close', () => clearInterval(timer));
};

/**
 * Where the request at the start of some bytes ends; undefined while it has not come whole.
 *
 * @param {Buffer} bytes
 */
const requestIn = bytes => {
  const end = bytes.indexOf(headEnd);
  if (end < 0) return undefined;
  const bodyStart = end + headEnd.length;
  const head = bytes.latin1Slice(0, bodyStart);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head);
  if (length) {
    const bodyEnd = bodyStart + Number(length[1]);
    return bytes.length < bodyEnd ? undefined : { head, bodyStart, bodyEnd };
  }
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) {
    const last = bytes.indexOf(lastChunk, bodyStart);
    return last < 0
      ? undefined
      : { head, bodyStart, bodyEnd: last + lastChunk.length };
  }
  return { head, bodyStart, bodyEnd: bodyStart };
};

const server = createServer({ noDelay: true }, socket => {
  /** @type {Buffer | undefined} */
  let open;
  socket.on('error', () => socket.destroy());
  socket.on('data', chunk => {
    let bytes = open ? Buffer.concat([open, chunk]) : chunk;
    for (let request = requestIn(bytes); request; request = requestIn(bytes)) {
      const body = bytes.latin1Slice(request.bodyStart, request.bodyEnd);
      if (request.head.startsWith('GET')) socket.write(listAnswer);
      else if (/"stream" *: *true/.test(body)) {
        stream(socket, body.includes('"include_usage"') ? withUsage : plain);
      } else socket.write(shortAnswer);
      bytes = bytes.subarray(request.bodyEnd);
      if (bytes.length === 0) break;
    }
    open = bytes.length > 0 ? bytes : undefined;
  });
});

server.listen({ port, host: '127.0.0.1', backlog: 4096 }, () =>
  process.stdout.write('listening\n'),
);
