import {
  createServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';

/** What an upstream does with one request. */
export interface Script {
  /** The bytes of its answer, the head included; waited between for as long as is said. */
  readonly pieces: ReadonlyArray<Buffer | { readonly waitMs: number }>;
  /** `end` closes the connection in good order; `hang` leaves it open. */
  readonly then: 'end' | 'hang';
}

const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * An upstream that does, byte for byte, what a test tells it to: one request on each connection, told apart by what is asked for.
 */
export class ScriptedUpstream {
  /** How many requests came for each model. */
  readonly requests = new Map<string, number>();
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  /** @param scriptOf - what to do for a model */
  static async start(
    scriptOf: (model: string, request: number) => Script,
  ): Promise<ScriptedUpstream> {
    const upstream = new ScriptedUpstream(scriptOf);
    await new Promise<void>(resolve =>
      upstream.#server.listen(0, '127.0.0.1', resolve),
    );
    return upstream;
  }

  private constructor(scriptOf: (model: string, request: number) => Script) {
    this.#server = createServer(socket => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      socket.on('error', () => undefined);
      let came = Buffer.alloc(0);
      socket.on('data', chunk => {
        came = Buffer.concat([came, chunk]);
        const model = modelOf(came);
        if (model === undefined) return;
        const request = (this.requests.get(model) ?? 0) + 1;
        this.requests.set(model, request);
        came = Buffer.alloc(0);
        void play(scriptOf(model, request), socket);
      });
    });
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/v1`;
  }

  async close(): Promise<void> {
    const closed = new Promise(resolve => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

/** A head that an answer of these bytes follows. */
export function answerOf(
  status: number,
  body: string,
  headers: Record<string, string> = {},
): Buffer {
  return Buffer.from(
    [
      `HTTP/1.1 ${status} Whatever`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      '',
      body,
    ].join('\r\n'),
  );
}

/** A stream of these pieces, each a chunk of its own; whole unless it is cut. */
export function streamOf(
  pieces: ReadonlyArray<string | Buffer>,
  type: string = 'text/event-stream',
): Buffer[] {
  const head = `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n`;
  return [Buffer.from(head), ...[...pieces, ''].map(chunkOf)];
}

/** A piece of a stream that goes on. */
export function chunkOf(piece: string | Buffer): Buffer {
  const bytes = Buffer.from(piece);
  return Buffer.concat([
    Buffer.from(`${bytes.length.toString(16)}\r\n`),
    bytes,
    Buffer.from('\r\n'),
  ]);
}

/** The model that is asked for, once the request is here whole; `*` of one without a body. */
function modelOf(request: Buffer): string | undefined {
  const end = request.indexOf(HEAD_END);
  if (end < 0) return undefined;
  const head = request.subarray(0, end).toString('latin1');
  const length = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
  const body = request.subarray(end + HEAD_END.length);
  if (body.length < length) return undefined;
  return length === 0 ? '*' : JSON.parse(body.toString()).model;
}

async function play({ pieces, then }: Script, socket: Socket): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed) return;
    if (Buffer.isBuffer(piece)) socket.write(piece);
    else await new Promise(resolve => setTimeout(resolve, piece.waitMs));
  }
  if (then === 'end') socket.end();
}
