import { STATUS_CODES, type ServerResponse } from 'node:http';

/**
 * Sends the first bytes of a response's head and breaks the connection; the head is written by hand, because
 * Node sends a head whole or not at all. Resolves when the connection is closed.
 *
 * @param bytes - how many of them; from the length of the head on, all of it, with no byte of a body
 */
export function sendPartOfHead(
  res: ServerResponse,
  contentType: string,
  bytes: number,
): Promise<void> {
  const head = [
    `HTTP/1.1 200 ${STATUS_CODES[200]}`,
    ...Object.entries(res.getHeaders()).map(
      ([name, value]) => `${name}: ${String(value)}`,
    ),
    `content-type: ${contentType}`,
    'transfer-encoding: chunked',
    '\r\n',
  ].join('\r\n');
  return untilClosed(res, ({ socket }) => {
    // The callback comes when the bytes have left; destroying at once would lose them.
    socket?.write(head.slice(0, bytes), () => socket.destroy());
  });
}

/**
 * Sends headers and never ends them, until the client gives up. Resolves then.
 *
 * @param size - bytes of one header's value
 * @param ms - milliseconds between two headers
 */
export async function sendEndlessHead(
  res: ServerResponse,
  { size, ms }: Readonly<Record<string, number>>,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await untilClosed(res, ({ socket }) => {
    let count = 0;
    const next = () => {
      if (!socket || socket.destroyed) return;
      count += 1;
      socket.write(`x-endless-${count}: ${'a'.repeat(size)}\r\n`, () => {
        timer = setTimeout(next, ms);
      });
    };
    socket?.write('HTTP/1.1 200 OK\r\n', next);
  });
  clearTimeout(timer);
}

function untilClosed(
  res: ServerResponse,
  send: (response: ServerResponse) => void,
): Promise<void> {
  return new Promise(resolve => {
    if (res.destroyed || res.closed || !res.socket) {
      resolve();
      return;
    }
    res.once('close', () => resolve());
    // A client that hangs up in the middle of a write is not an error here.
    res.socket.once('error', () => resolve());
    send(res);
  });
}
