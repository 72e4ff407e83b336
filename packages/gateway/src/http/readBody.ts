import type { IncomingMessage } from 'node:http';
import { NOWHERE } from '../collections/Bag';
import type { BufferedBytes } from '../overload/BufferedBytes';
import { dueIn, sweep, unsweep, type Swept } from '../upstream/sweep';
import type { Exchange } from './exchange';

export type BodyResult =
  | { readonly kind: 'body'; readonly bytes: Buffer }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'too-slow' }
  /** There is too much in memory already, of all requests together. */
  | { readonly kind: 'no-room' }
  /** The client hung up. */
  | { readonly kind: 'gone' };

/** How much of a body is read, and how long it is waited for. */
export interface BodyLimits {
  readonly maxBytes: number;
  /** The longest pause between two pieces. */
  readonly idleTimeoutMs: number;
  /** Where its bytes are counted. */
  readonly room: Pick<BufferedBytes, 'take'>;
}

const TOO_LARGE: BodyResult = { kind: 'too-large' };
const TOO_SLOW: BodyResult = { kind: 'too-slow' };
const NO_ROOM: BodyResult = { kind: 'no-room' };
const GONE: BodyResult = { kind: 'gone' };

/** Gathers a body, piece by piece. */
class BodyReader implements Swept {
  place = NOWHERE;
  readonly #exchange: Exchange;
  readonly #req: IncomingMessage;
  readonly #limits: BodyLimits;
  readonly #resolve: (result: BodyResult) => void;
  readonly #chunks: Buffer[] = [];
  #length = 0;
  #dueAt: number;
  /** Whether something came since the last sweep. */
  #heard = false;

  readonly #onData = (chunk: Buffer) => this.#take(chunk);
  readonly #onEnd = () => this.#finish({ kind: 'body', bytes: this.#bytes() });
  readonly #onClose = () => this.#finish(GONE);

  constructor(
    exchange: Exchange,
    limits: BodyLimits,
    resolve: (result: BodyResult) => void,
  ) {
    this.#exchange = exchange;
    this.#req = exchange.req;
    this.#limits = limits;
    this.#resolve = resolve;
    this.#dueAt = dueIn(limits.idleTimeoutMs);
  }

  start(): void {
    sweep(this);
    this.#req
      .on('data', this.#onData)
      .on('end', this.#onEnd)
      .on('close', this.#onClose)
      // Followed by 'close'.
      .on('error', ignore);
  }

  sweep(now: number): void {
    if (this.#heard) {
      this.#heard = false;
      this.#dueAt = now + this.#limits.idleTimeoutMs;
    } else if (now >= this.#dueAt) {
      this.#finish(TOO_SLOW);
    }
  }

  #take(chunk: Buffer): void {
    this.#heard = true;
    this.#length += chunk.length;
    if (this.#length > this.#limits.maxBytes) this.#finish(TOO_LARGE);
    else if (this.#limits.room.take(this.#exchange, chunk.length)) {
      this.#chunks.push(chunk);
    } else this.#finish(NO_ROOM);
  }

  #bytes(): Buffer {
    return this.#chunks.length === 1
      ? this.#chunks[0]
      : Buffer.concat(this.#chunks, this.#length);
  }

  #finish(result: BodyResult): void {
    unsweep(this);
    this.#req
      .off('data', this.#onData)
      .off('end', this.#onEnd)
      .off('close', this.#onClose)
      .pause();
    this.#resolve(result);
  }
}

function ignore(): void {}

/** Reads a request's body, so much of it and no more; what lies beyond stays unread. */
export async function readBody(
  exchange: Exchange,
  limits: BodyLimits,
): Promise<BodyResult> {
  const { req } = exchange;
  const declared = Number(req.headers['content-length'] ?? 0);
  if (declared > limits.maxBytes) return TOO_LARGE;
  // Of what is over nothing more is told.
  if (req.destroyed) return GONE;
  return readPieces(exchange, limits);
}

function readPieces(
  exchange: Exchange,
  limits: BodyLimits,
): Promise<BodyResult> {
  return new Promise(resolve => {
    new BodyReader(exchange, limits, resolve).start();
  });
}
