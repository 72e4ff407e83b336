import { NOWHERE } from '../collections/Bag';
import type { StreamReader } from '../providers/spec';
import { SseFilter } from '../wire/sse';
import { dueIn, sweep, unsweep, type Swept } from './sweep';
import type { BodyEnd, BodyReader, UpstreamBody } from './UpstreamBody';

/**
 * What the beginning of a stream shows.
 *
 * - `content`: there is something of an answer, or more than one looks through for it
 * - `error`: it tells of an error before any content
 * - `ended`: it ended, or broke off, before any content
 * - `silent`: nothing came for too long, or nothing that is content
 * - `stopped`: there was no more sense in it
 */
export type Peeked = 'content' | 'error' | 'ended' | 'silent' | 'stopped';

/** How a stream came to its end: as its body did, or by an event that closes it. */
export type StreamEnd = BodyEnd | 'closed';

/** Who gets what is to be passed on of a stream. */
export interface StreamSink {
  /** @param bytes - how many came from the upstream for it */
  take(parts: readonly Buffer[], bytes: number): void;
  /** Called once, when nothing more is to come. */
  end(end: StreamEnd): void;
}

/** What has been looked through without finding content is passed on all the same. */
const MAX_PEEK_BYTES = 256 * 1024;

/**
 * The events of one stream, each read once: first until it shows whether it has an answer, while what is to be passed on is kept; then,
 * unless it was given up, for whoever takes it.
 */
export class EventStream implements BodyReader, Swept {
  place = NOWHERE;
  readonly reader: StreamReader;
  readonly #body: UpstreamBody;
  readonly #filter: SseFilter;
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #tell: ((peeked: Peeked) => void) | undefined;
  #dueAt = Infinity;
  #sink: StreamSink | undefined;
  #isPaused = false;
  /** Whether content has come, and no error before it. */
  #hasContent = false;
  #isClosed = false;
  #end: StreamEnd | undefined;

  constructor(body: UpstreamBody, reader: StreamReader, maxEventBytes: number) {
    this.#body = body;
    this.reader = reader;
    this.#filter = new SseFilter(event => {
      if (this.#isClosed) return 'drop';
      const step = reader.read(event);
      if (!this.#hasContent && reader.sawContent && !reader.refusal) {
        this.#hasContent = true;
      }
      if (step === 'end') this.#isClosed = true;
      return step === 'end' || step === 'hide' ? 'drop' : step;
    }, maxEventBytes);
  }

  /** Whether the event that closes it has come. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Reads until it shows whether there is an answer; without one, it is given up.
   *
   * @param withinMs - how long it may take to its first content
   */
  peek(withinMs: number): Promise<Peeked> {
    return new Promise(resolve => {
      this.#tell = resolve;
      this.#dueAt = dueIn(withinMs);
      sweep(this);
      this.#body.readBy(this);
    });
  }

  /** Gives what there is, from the very start, and what is to come. */
  passTo(sink: StreamSink): void {
    this.#sink = sink;
    const kept = this.#kept;
    this.#kept = [];
    sink.take(kept, this.#keptBytes);
    if (this.#end) sink.end(this.#end);
    else if (!this.#isPaused) this.#body.resume();
  }

  pause(): void {
    this.#isPaused = true;
    this.#body.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#body.resume();
  }

  /** Nothing is taken from it any more. */
  abandon(): void {
    this.#body.abandon();
  }

  onChunk(chunk: Buffer): void {
    try {
      this.#take(this.#filter.push(chunk), chunk.length);
    } catch {
      // What nobody can read ends its own stream, and nothing else.
      this.#body.abandon();
      this.#finish('broken');
      return;
    }
    if (this.#isClosed) {
      this.#body.letEnd();
      this.#finish('closed');
    } else if (this.#tell) {
      if (this.#hasContent || this.#keptBytes > MAX_PEEK_BYTES) {
        this.#show('content');
      }
    } else if (!this.#sink) {
      this.#body.pause();
    }
  }

  onEnd(end: BodyEnd): void {
    if (end === 'ended') {
      try {
        // Some leave out the blank line after their last event.
        this.#take(this.#filter.end(), 0);
      } catch {
        this.#finish('broken');
        return;
      }
    }
    this.#finish(this.#isClosed ? 'closed' : end);
  }

  sweep(now: number): void {
    if (now < this.#dueAt) return;
    this.#body.abandon();
    this.#finish('silent');
  }

  #take(parts: readonly Buffer[], bytes: number): void {
    if (this.#sink) {
      this.#sink.take(parts, bytes);
      return;
    }
    for (const part of parts) this.#kept.push(part);
    this.#keptBytes += bytes;
  }

  #finish(end: StreamEnd): void {
    this.#end = end;
    if (this.#tell) this.#show(this.#shownBy(end));
    this.#sink?.end(end);
  }

  #shownBy(end: StreamEnd): Peeked {
    if (end === 'closed' && this.#hasContent) return 'content';
    if (this.reader.refusal) return 'error';
    return end === 'silent' || end === 'stopped' ? end : 'ended';
  }

  #show(peeked: Peeked): void {
    unsweep(this);
    const tell = this.#tell;
    this.#tell = undefined;
    tell?.(peeked);
  }
}
