import type { Dispatcher } from 'undici';
import { NOWHERE } from '../collections/Bag';
import type { Connection } from './OriginPool';
import type { Stop } from './Stop';
import { dueIn, sweep, unsweep, type Swept } from './sweep';
import type { BodyEnd, BodyReader, UpstreamBody } from './UpstreamBody';
import {
  describeError,
  failureOf,
  type UpstreamAnswer,
  type UpstreamFailure,
  type WholeBody,
} from './UpstreamAnswer';

type Handler = Dispatcher.DispatchHandler;
type Controller = Dispatcher.DispatchController;
type Headers = Parameters<NonNullable<Handler['onResponseStart']>>[2];

/** What is to come of a request. */
export interface Expected {
  /** How the media type of a success begins: anything begins with nothing. */
  readonly accept: 'application/json' | 'text/event-stream' | '';
  /** Milliseconds to the head of an answer. */
  readonly headMs: number;
  /** Milliseconds between two pieces of it. */
  readonly idleMs: number;
  /** The most that is read of a success that is not streamed. */
  readonly maxBytes: number;
}

/** The most that is read of an answer that is no success. */
const MAX_ERROR_BYTES = 64 * 1024;
/** What may wait for a reader that is about to come. */
const MAX_UNREAD_BYTES = 64 * 1024;
/** After what closes a stream an upstream has so long to end its answer. */
const TRAILER_MS = 1_000;

const GIVEN_UP = new Error('Given up');
const NOTHING = Buffer.alloc(0);

/**
 * One request on its connection: all that the dispatcher tells of it comes here, without a stream, a signal or a timer in between.
 *
 * An answer that is not streamed is gathered and told when it is over; one that is, is told when its head is here, and is from then on its
 * own body.
 */
export class AnswerHandler implements Handler, UpstreamBody, Swept {
  place = NOWHERE;
  readonly #expected: Expected;
  readonly #stop: Stop;
  readonly #connection: Pick<Connection, 'free' | 'drop'>;
  #tell: ((answer: UpstreamAnswer) => void) | undefined;
  #controller: Controller | undefined;
  #asked = false;
  /** Nothing more is to be taken from the dispatcher. */
  #isOver = false;

  #status = 0;
  #contentType = '';
  #retryAfter: string | undefined;
  #isStream = false;
  #chunks: Buffer[] = [];
  #length = 0;
  #maxLength = 0;

  #reader: BodyReader | undefined;
  /** Of a body that nobody has read yet. */
  #end: BodyEnd | undefined;
  #isEnding = false;

  #dueAt = Infinity;
  /** Whether something came since the last sweep. */
  #heard = false;

  /**
   * @param connection - told of the end of the request on it
   * @param tell - called once
   */
  constructor(
    expected: Expected,
    stop: Stop,
    connection: Pick<Connection, 'free' | 'drop'>,
    tell: (answer: UpstreamAnswer) => void,
  ) {
    this.#expected = expected;
    this.#stop = stop;
    this.#connection = connection;
    this.#tell = tell;
    stop.onOver = () => this.#stopped();
  }

  // --- What the dispatcher tells. ---

  onRequestStart(controller: Controller): void {
    // Whoever gave up while it was being connected says so here, and nothing is written: until now nothing can have cost anything.
    if (this.#isOver) {
      controller.abort(GIVEN_UP);
      return;
    }
    this.#controller = controller;
    this.#asked = true;
    sweep(this);
    this.#dueAt = dueIn(this.#expected.headMs);
  }

  onResponseStart(
    _controller: Controller,
    status: number,
    headers: Headers,
  ): void {
    // Of what is only informed there is more to come.
    if (this.#isOver || status < 200) return;
    this.#heard = true;
    this.#dueAt = Infinity;
    this.#status = status;
    this.#contentType = String(headers['content-type'] ?? '');
    const { accept, maxBytes } = this.#expected;
    if (status !== 200) {
      const retryAfter = headers['retry-after'];
      this.#retryAfter =
        retryAfter === undefined ? retryAfter : `${retryAfter}`;
      this.#maxLength = MAX_ERROR_BYTES;
    } else if (!this.#contentType.toLowerCase().startsWith(accept)) {
      this.#settle({ kind: 'mistyped', contentType: this.#contentType });
      this.abandon();
    } else if (accept === 'text/event-stream') {
      this.#isStream = true;
      this.#settle({ kind: 'stream', body: this });
    } else {
      this.#maxLength = maxBytes;
    }
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    if (this.#isOver) return;
    this.#heard = true;
    if (this.#reader) this.#reader.onChunk(chunk);
    else if (!this.#isEnding) this.#gather(chunk);
  }

  onResponseEnd(): void {
    this.#connection.free();
    this.#finish('ended');
  }

  onResponseError(_controller: Controller | null, error: unknown): void {
    this.#connection.drop();
    if (this.#status > 0) this.#finish('broken');
    else this.#fail(failureOf(error, this.#asked), describeError(error));
  }

  // --- As a body. ---

  readBy(reader: BodyReader): void {
    this.#reader = reader;
    const chunks = this.#chunks;
    this.#chunks = [];
    for (const chunk of chunks) {
      if (this.#reader) reader.onChunk(chunk);
    }
    if (!this.#reader) return;
    if (this.#end) reader.onEnd(this.#end);
    else this.resume();
  }

  pause(): void {
    if (!this.#isOver) this.#controller?.pause();
  }

  resume(): void {
    // Its connection may be another request's by now.
    if (this.#isOver) return;
    this.#heard = true;
    this.#controller?.resume();
  }

  abandon(): void {
    this.#reader = undefined;
    if (this.#isOver) return;
    this.#release();
    this.#controller?.abort(GIVEN_UP);
  }

  letEnd(): void {
    this.#reader = undefined;
    this.#isEnding = true;
    if (this.#isOver) return;
    this.#heard = false;
    this.#dueAt = dueIn(TRAILER_MS);
    this.#controller?.resume();
  }

  // --- As time passes. ---

  sweep(now: number): void {
    if (this.#isEnding) {
      if (now >= this.#dueAt) this.abandon();
    } else if (this.#heard) {
      this.#heard = false;
      this.#dueAt = now + this.#expected.idleMs;
    } else if (this.#controller?.paused) {
      // It is the client that is slow.
      this.#heard = true;
    } else if (now >= this.#dueAt) {
      if (this.#status > 0) this.#giveUp('silent');
      else this.#giveUp('timeout');
    }
  }

  #stopped(): void {
    this.#giveUp(this.#status > 0 ? 'stopped' : 'aborted');
  }

  #giveUp(why: BodyEnd | 'timeout' | 'aborted'): void {
    if (why === 'timeout') this.#fail(why, 'no answer in time');
    else if (why === 'aborted') this.#fail(why, 'given up');
    else this.#finish(why);
    this.#controller?.abort(GIVEN_UP);
  }

  #gather(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#isStream) {
      if (this.#length > MAX_UNREAD_BYTES) this.pause();
      return;
    }
    const tooMuch = this.#length - this.#maxLength;
    if (tooMuch <= 0) return;
    this.#chunks.push(
      (this.#chunks.pop() ?? NOTHING).subarray(0, chunk.length - tooMuch),
    );
    this.#settle(this.#whole('too-large'));
    this.abandon();
  }

  #finish(end: BodyEnd): void {
    if (this.#isOver) return;
    this.#release();
    if (!this.#isStream) {
      this.#settle(this.#whole(end === 'ended' ? 'whole' : 'cut-off'));
      return;
    }
    this.#end = end;
    this.#reader?.onEnd(end);
  }

  #fail(failure: UpstreamFailure, detail: string): void {
    if (this.#isOver) return;
    this.#release();
    this.#settle({ kind: 'failed', failure, asked: this.#asked, detail });
  }

  /** Neither time nor anyone else ends it any more. */
  #release(): void {
    this.#isOver = true;
    this.#stop.onOver = undefined;
    unsweep(this);
  }

  #settle(answer: UpstreamAnswer): void {
    const tell = this.#tell;
    this.#tell = undefined;
    tell?.(answer);
  }

  #whole(extent: WholeBody['extent']): WholeBody {
    const [first = NOTHING, ...more] = this.#chunks;
    return {
      kind: 'whole',
      status: this.#status,
      contentType: this.#contentType,
      retryAfter: this.#retryAfter,
      bytes: more.length > 0 ? Buffer.concat(this.#chunks) : first,
      extent,
    };
  }
}
