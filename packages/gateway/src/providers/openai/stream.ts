import { sseData, sseEvent } from '../../wire/sse';
import type { ReportedUsage, StreamReader, StreamStep } from '../spec';
import { generatedTextBytes } from './generatedText';
import { readUsage } from './usage';

const DONE = Buffer.from('[DONE]');
const CLOSING = sseEvent('[DONE]');
const USAGE = Buffer.from('"usage"');
const ERROR = Buffer.from('"error"');
const FINISH = Buffer.from('"finish_reason"');
const TOOL_CALLS = Buffer.from('"tool_calls"');

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
  #failed = false;
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

  get failed(): boolean {
    return this.#failed;
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
    return (this.#done || all) && !this.#failed;
  }

  read(event: Buffer): StreamStep {
    const data = sseData(event);
    if (!data) return 'pass';
    if (isDone(data)) {
      this.#done = true;
      return 'end';
    }
    this.#generatedBytes += generatedTextBytes(data);
    // A call begins with a name and no text; once there is any content, nobody asks again.
    if (this.#generatedBytes === 0) {
      this.#sawCalls ||= hasValue(data, TOOL_CALLS);
    }
    const chunk = mayMatter(data) ? parse(data) : undefined;
    return chunk ? this.#readChunk(chunk) : 'pass';
  }

  #readChunk(chunk: Readonly<Record<string, unknown>>): StreamStep {
    if (chunk.error) {
      this.#failed = true;
      return 'pass';
    }
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

function mayMatter(data: Buffer): boolean {
  return (
    hasValue(data, USAGE) || hasValue(data, FINISH) || data.includes(ERROR)
  );
}

/** Whether a member of this name stands there with a value other than `null`, which many send with every chunk. */
function hasValue(data: Buffer, name: Buffer): boolean {
  let at = data.indexOf(name);
  while (at >= 0) {
    at += name.length;
    while (data[at] === 0x20 || data[at] === 0x3a) at += 1;
    if (data[at] !== 0x6e) return true; // n, as in null
    at = data.indexOf(name, at);
  }
  return false;
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
