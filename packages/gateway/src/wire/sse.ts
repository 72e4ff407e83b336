/**
 * Server-sent events as bytes: an event is passed on as it came, or not at all, so that nothing between two blank lines is ever
 * changed. Follows the WHATWG event stream format: lines end in LF, CR or CRLF, an event in an empty line.
 */

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;

/** Whether an event goes on to the client. */
export type SseVerdict =
  | 'pass'
  | 'drop'
  /** Goes on in its place. */
  | Buffer;

/** An event that grows without an end: whoever sends it is not to fill our memory. */
export class SseEventTooLarge extends Error {
  constructor(readonly limit: number) {
    super(`An event is larger than ${limit} bytes`);
    this.name = 'SseEventTooLarge';
  }
}

/**
 * Cuts a stream of bytes into whole events, asks about each, and gives back the bytes to pass on, joined as far as they stand together.
 *
 * An event whose end has not come is kept until it has; {@link SseFilter.end} gives what a stream that stops in mid-event left behind.
 */
export class SseFilter {
  readonly #decide: (event: Buffer) => SseVerdict;
  readonly #maxEventBytes: number;
  /** Chunks of an event whose end has not come. */
  #open: Buffer[] = [];
  #openBytes = 0;
  /** Whether the line at hand is empty so far; a stream starts with an empty line. */
  #lineIsEmpty = true;
  /** Whether the event at hand has any line; blank lines before it belong to it. */
  #eventHasLines = false;
  /** After a CR, an LF belongs to the same line end. */
  #afterCr = false;

  constructor(decide: (event: Buffer) => SseVerdict, maxEventBytes: number) {
    this.#decide = decide;
    this.#maxEventBytes = maxEventBytes;
  }

  /** @throws {@link SseEventTooLarge} */
  push(chunk: Buffer): Buffer[] {
    const out: Buffer[] = [];
    // Without a CR, as nearly always, the next line end is found by the engine and not byte by byte.
    const hasCr = chunk.includes(CR);
    /** From where on the chunk has not been dealt with, and from where on what has been is to be passed. */
    let eventStart = 0;
    let passStart = 0;

    for (let at = 0; at < chunk.length; at++) {
      if (chunk[at] !== LF && chunk[at] !== CR) {
        this.#lineIsEmpty = false;
        this.#eventHasLines = true;
        this.#afterCr = false;
        at = hasCr ? endOfLine(chunk, at) : chunk.indexOf(LF, at);
        if (at < 0 || at === chunk.length) break;
      }
      const byte = chunk[at];
      if (byte === LF && this.#afterCr) {
        // Second half of a CRLF whose CR has already ended the line; an event that ended there takes it along below.
        this.#afterCr = false;
        continue;
      }
      this.#afterCr = byte === CR;
      if (!this.#lineIsEmpty) {
        this.#lineIsEmpty = true;
        continue;
      }
      if (!this.#eventHasLines) continue;

      // An empty line: the event ends here, and with it the LF of its last CRLF if that is at hand.
      let end = at + 1;
      if (byte === CR && chunk[end] === LF) {
        end += 1;
        at += 1;
        this.#afterCr = false;
      }
      this.#eventHasLines = false;
      const tail = part(chunk, eventStart, end);
      const whole = this.#takeOpen(tail);
      const verdict = this.#decide(whole);
      if (whole !== tail) {
        // It began in earlier chunks; what of it is in this one is the start of this one.
        if (verdict === 'pass') out.push(whole);
        passStart = end;
      } else if (verdict !== 'pass') {
        if (eventStart > passStart)
          out.push(part(chunk, passStart, eventStart));
        passStart = end;
      }
      if (typeof verdict !== 'string') out.push(verdict);
      eventStart = end;
    }

    if (eventStart > passStart) out.push(part(chunk, passStart, eventStart));
    if (eventStart < chunk.length) {
      this.#keepOpen(part(chunk, eventStart, chunk.length));
    }
    return out;
  }

  /** What is left when the stream ends: asked about like an event, since some senders leave out the last blank line. */
  end(): Buffer[] {
    if (this.#openBytes === 0) return [];
    const rest = this.#takeOpen(Buffer.alloc(0));
    const verdict = this.#decide(rest);
    if (verdict === 'pass') return [rest];
    return verdict === 'drop' ? [] : [verdict];
  }

  #takeOpen(tail: Buffer): Buffer {
    if (this.#openBytes === 0) return tail;
    const whole = Buffer.concat([...this.#open, tail]);
    this.#open = [];
    this.#openBytes = 0;
    return whole;
  }

  #keepOpen(rest: Buffer): void {
    this.#open.push(rest);
    this.#openBytes += rest.length;
    if (this.#openBytes > this.#maxEventBytes) {
      throw new SseEventTooLarge(this.#maxEventBytes);
    }
  }
}

/** Bytes of a chunk; all of them are the chunk itself. */
function part(chunk: Buffer, start: number, end: number): Buffer {
  return start === 0 && end === chunk.length
    ? chunk
    : chunk.subarray(start, end);
}

const DATA = Buffer.from('data');
const EVENT = Buffer.from('event');

/** The name of an event; empty when it has none. */
export function sseName(event: Buffer): string {
  let name = '';
  let at = startsWithBom(event) ? 3 : 0;
  while (at < event.length) {
    const lineEnd = endOfLine(event, at);
    name = valueOfLine(event, at, lineEnd, EVENT)?.toString() ?? name;
    at = startOfNextLine(event, lineEnd);
  }
  return name;
}

/**
 * The payload of an event: its `data` lines joined with LF; `undefined` when it has none, as a comment or a keep-alive.
 */
export function sseData(event: Buffer): Buffer | undefined {
  return onlyLine(event) ?? dataOf(event);
}

/** The payload of an event that is one line of data, as nearly all are; `undefined` when it is anything else. */
function onlyLine(event: Buffer): Buffer | undefined {
  const end = event.length - 2;
  return event[0] === DATA[0] &&
    event[1] === DATA[1] &&
    event[2] === DATA[2] &&
    event[3] === DATA[3] &&
    event[4] === COLON &&
    event[5] === SPACE &&
    event[end] === LF &&
    event[end + 1] === LF &&
    event.indexOf(LF) === end &&
    !event.includes(CR)
    ? event.subarray(6, end)
    : undefined;
}

function dataOf(event: Buffer): Buffer | undefined {
  let only: Buffer | undefined;
  let more: Buffer[] | undefined;
  let at = startsWithBom(event) ? 3 : 0;
  while (at < event.length) {
    const lineEnd = endOfLine(event, at);
    const data = valueOfLine(event, at, lineEnd, DATA);
    if (data) {
      if (more) more.push(data);
      else if (only) more = [only, data];
      else only = data;
    }
    at = startOfNextLine(event, lineEnd);
  }
  if (!more) return only;
  const newline = Buffer.of(LF);
  return Buffer.concat(more.flatMap((l, i) => (i === 0 ? [l] : [newline, l])));
}

/** An event with this payload, which has no line ends of its own. */
export function sseEvent(data: string): string {
  return `data: ${data}\n\n`;
}

function startsWithBom(event: Buffer): boolean {
  return event[0] === 0xef && event[1] === 0xbb && event[2] === 0xbf;
}

function startOfNextLine(event: Buffer, lineEnd: number): number {
  const isCrLf = event[lineEnd] === CR && event[lineEnd + 1] === LF;
  return lineEnd + (isCrLf ? 2 : 1);
}

function endOfLine(event: Buffer, from: number): number {
  let at = from;
  while (at < event.length && event[at] !== LF && event[at] !== CR) at += 1;
  return at;
}

/** The value of a line, if it is of the field of this name. */
function valueOfLine(
  event: Buffer,
  start: number,
  end: number,
  name: Buffer,
): Buffer | undefined {
  const nameEnd = start + name.length;
  if (nameEnd > end || event.compare(name, 0, name.length, start, nameEnd)) {
    return undefined;
  }
  if (nameEnd === end) return event.subarray(end, end);
  if (event[nameEnd] !== COLON) return undefined;
  const from = nameEnd + 1;
  return event.subarray(
    from < end && event[from] === SPACE ? from + 1 : from,
    end,
  );
}
