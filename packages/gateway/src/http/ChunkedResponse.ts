import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** What is longer is not copied, but given as the pieces that Node makes of it. */
const MAX_COPIED_BYTES = 16 * 1024;
/** Four digits of a length, and two line ends. */
const MAX_FRAME_BYTES = 8;

const CR = 0x0d;
const LF = 0x0a;

/**
 * A response that gives each piece of a stream to its connection whole: its length, its bytes and the line ends around them in one buffer.
 * Node gives them as four, which costs more than all else that is done for a chunk.
 *
 * Only the common case is dealt with here: bytes, of a chunked response whose head has gone out, to a connection that has room for them.
 * Whatever else is written goes the way that it always does, and so does what no longer fits, for Node to tell when there is room again.
 */
export class ChunkedResponse<
  Request extends IncomingMessage = IncomingMessage,
> extends ServerResponse<Request> {
  /** Whether the head is on its way, so that what follows it may be written to the connection. */
  #headIsFlushed = false;

  override flushHeaders(): void {
    super.flushHeaders();
    this.#headIsFlushed = true;
  }

  override write(
    chunk: unknown,
    encoding?: unknown,
    callback?: unknown,
  ): boolean {
    if (
      this.#headIsFlushed &&
      encoding === undefined &&
      callback === undefined &&
      chunk instanceof Uint8Array
    ) {
      const socket = this.#socketFor(chunk.length);
      if (socket) return writeOnce(socket, chunk);
    }
    return Reflect.apply(super.write, this, [chunk, encoding, callback]);
  }

  /** The connection, if a chunk of this size can be given to it at once and nothing waits to go first. */
  #socketFor(length: number): Socket | null {
    const { socket } = this;
    return socket &&
      length > 0 &&
      length <= MAX_COPIED_BYTES &&
      this.chunkedEncoding &&
      !this.writableEnded &&
      this.writableCorked === 0 &&
      socket.writable &&
      socket.writableLength + length + MAX_FRAME_BYTES <
        socket.writableHighWaterMark
      ? socket
      : null;
  }
}

/** @returns whether there is room for more; there is, see above */
function writeOnce(socket: Socket, chunk: Uint8Array): boolean {
  if (socket.writableCorked === 0) {
    // With what else comes for it in this turn: one call to the system.
    socket.cork();
    process.nextTick(uncork, socket);
  }
  return socket.write(framed(chunk));
}

function uncork(socket: Socket): void {
  socket.uncork();
}

function framed(chunk: Uint8Array): Buffer {
  const length = chunk.length.toString(16);
  const frame = Buffer.allocUnsafe(chunk.length + length.length + 4);
  let at = frame.write(length, 'latin1');
  frame[at] = CR;
  frame[at + 1] = LF;
  frame.set(chunk, at + 2);
  at += 2 + chunk.length;
  frame[at] = CR;
  frame[at + 1] = LF;
  return frame;
}
