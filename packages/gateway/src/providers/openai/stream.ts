import { readOpenAiError } from '../../dialects';
import { refuse, type Refusal } from '../../errors/registry';
import { sseData, sseEvent, sseName } from '../../wire/sse';
import { refusalOfError } from '../refusalOfDialect';
import type { ReportedUsage, StreamReader, StreamStep } from '../spec';
import { chunkScanner, ERROR, FINISH, TOOL_CALLS, USAGE } from './chunks';
import { readUsage } from './usage';

const CLOSING = sseEvent('[DONE]');
const DONE = Buffer.from('[DONE]');
const FRAME_BYTES = sseEvent('').length;
const MATTERS = USAGE | ERROR | FINISH;
const UNTOLD = refuse('upstream_error', {});

/**
 * Reads a stream of `chat.completion.chunk` events.
 *
 * An event is parsed only when a name in it says that it may matter: one with a usage, an error or a reason to finish. All others are
 * looked at and passed.
 */
export class OpenAiStreamReader implements StreamReader {
  readonly #hideUsage: boolean;
  readonly #choices: number;
  #usage: ReportedUsage = { kind: 'absent' };
  #refusal: Refusal | undefined;
  #generatedBytes = 0;
  #sawCalls = false;
  /** Their indexes: each finishes on its own. */
  readonly #finishedChoices = new Set<number>();
  #done = false;

  /** @param options - `choices`: how many were asked for */
  constructor(options: {
    readonly hideUsage: boolean;
    readonly choices: number;
  }) {
    this.#hideUsage = options.hideUsage;
    this.#choices = options.choices;
  }

  get usage(): ReportedUsage {
    return this.#usage;
  }

  get refusal(): Refusal | undefined {
    return this.#refusal;
  }

  get generatedBytes(): number {
    return this.#generatedBytes;
  }

  get sawContent(): boolean {
    return (
      this.#generatedBytes > 0 ||
      this.#sawCalls ||
      this.#finishedChoices.size > 0 ||
      this.#done
    );
  }

  /** The same for all, so that a stream whose upstream leaves it out has one as well. */
  closing(): string {
    return CLOSING;
  }

  get finished(): boolean {
    const all = this.#finishedChoices.size >= this.#choices;
    return (this.#done || all) && !this.#refusal;
  }

  read(event: Buffer): StreamStep {
    const data = sseData(event);
    if (!data) return 'pass';
    if (isDone(data)) {
      this.#done = true;
      return 'end';
    }
    const marks = chunkScanner.scan(data);
    this.#generatedBytes += chunkScanner.textBytes;
    // A call begins with a name and no text.
    if ((marks & TOOL_CALLS) > 0) this.#sawCalls = true;
    // Named so, it is one whatever it holds.
    if (isMore(event, data) && sseName(event) === 'error') {
      return this.#fail(parse(data));
    }
    const chunk = (marks & MATTERS) > 0 ? parse(data) : undefined;
    return chunk ? this.#readChunk(chunk) : 'pass';
  }

  #fail(chunk: Readonly<Record<string, unknown>> | undefined): StreamStep {
    const error = readOpenAiError(chunk?.error ?? chunk);
    this.#refusal = error ? refusalOfError(error) : UNTOLD;
    return 'end';
  }

  #readChunk(chunk: Readonly<Record<string, unknown>>): StreamStep {
    if (chunk.error) return this.#fail(chunk);
    const choices = Array.isArray(chunk.choices) ? chunk.choices : [];
    choices.forEach((choice, position) => {
      if (hasFinished(choice)) {
        this.#finishedChoices.add(indexOf(choice) ?? position);
      }
    });
    if (!chunk.usage) return 'pass';
    // Some report as they go along: the last report is the one that counts.
    this.#usage = readUsage(chunk.usage);
    return choices.length === 0 && this.#hideUsage ? 'hide' : 'pass';
  }
}

function isDone(data: Buffer): boolean {
  return (
    data.length < 16 &&
    data.length >= DONE.length &&
    data.toString('latin1').trim() === '[DONE]'
  );
}

/** Whether an event has more than its payload, which is rare in this dialect: the name of its field, two line ends and no more. */
function isMore(event: Buffer, data: Buffer): boolean {
  return event.length - data.length > FRAME_BYTES;
}

function parse(data: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(data.toString('utf8'));
    return typeof value === 'object' && value !== null
      ? { ...value }
      : undefined;
  } catch {
    // Not ours to judge: it goes on to the client as it came.
    return undefined;
  }
}

function hasFinished(choice: unknown): choice is object {
  return (
    typeof choice === 'object' &&
    choice !== null &&
    'finish_reason' in choice &&
    typeof choice.finish_reason === 'string'
  );
}

/** Some leave it out where there is one choice. */
function indexOf(choice: object): number | undefined {
  return 'index' in choice && typeof choice.index === 'number'
    ? choice.index
    : undefined;
}
