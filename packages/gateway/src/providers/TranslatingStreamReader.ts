import {
  encodeEvents,
  saysSomething,
  type CanonicalUsage,
  type StreamPart,
  type StreamReader as DialectReader,
  type StreamWriter as DialectWriter,
} from '../dialects';
import type { Refusal } from '../errors/registry';
import { sseData, sseName } from '../wire/sse';
import { refusalOfError } from './refusalOfDialect';
import type { ReportedUsage, StreamReader, StreamStep } from './spec';
import { estimatedUsage } from './estimatedUsage';

/**
 * Reads a stream in the dialect of the provider and gives it in that of the client, event by event. An event of the one may come to none or
 * several of the other; what closes the stream is kept back.
 */
export class TranslatingStreamReader implements StreamReader {
  readonly #reader: DialectReader;
  readonly #writer: DialectWriter;
  readonly #estimatedInputTokens: number;
  #usage: CanonicalUsage | undefined;
  readonly #begun = new Set<number>();
  readonly #finishedChoices = new Set<number>();
  #sawContent = false;
  #refusal: Refusal | undefined;
  #ended = false;
  #generatedBytes = 0;
  #closing = '';

  constructor(options: {
    readonly reader: DialectReader;
    readonly writer: DialectWriter;
    readonly estimatedInputTokens: number;
  }) {
    this.#reader = options.reader;
    this.#writer = options.writer;
    this.#estimatedInputTokens = options.estimatedInputTokens;
  }

  get usage(): ReportedUsage {
    if (!this.#usage) return { kind: 'absent' };
    // What is told before the end is true of the input only: Anthropic's streams begin with it.
    return this.finished
      ? { kind: 'reported', tokens: this.#usage }
      : { kind: 'partial', tokens: this.#usage };
  }

  get sawContent(): boolean {
    return this.#sawContent;
  }

  get finished(): boolean {
    if (this.#refusal) return false;
    return (
      this.#ended ||
      (this.#begun.size > 0 && this.#begun.size === this.#finishedChoices.size)
    );
  }

  get refusal(): Refusal | undefined {
    return this.#refusal;
  }

  get generatedBytes(): number {
    return this.#generatedBytes;
  }

  read(event: Buffer): StreamStep {
    const data = sseData(event);
    // A comment is one in every dialect.
    if (!data) return 'pass';
    const text = this.#write(
      this.#reader.read({ event: sseName(event), data: data.toString() }),
    );
    if (this.#ended || this.#refusal) return 'end';
    return text === '' ? 'hide' : Buffer.from(text);
  }

  closing(): string {
    if (!this.#ended && !this.#refusal) this.#write(this.#reader.end());
    return this.#closing;
  }

  #write(parts: readonly StreamPart[]): string {
    let text = '';
    for (const part of parts) {
      this.#note(part);
      if (part.type === 'error') continue;
      if (part.type === 'end') {
        this.#closing = text + this.#writeEnd();
      } else {
        text += encodeEvents(this.#writer.write(part));
      }
    }
    return text;
  }

  #writeEnd(): string {
    const usage =
      this.#usage ??
      estimatedUsage(this.#estimatedInputTokens, this.#generatedBytes);
    return encodeEvents([
      ...this.#writer.write({ type: 'usage', usage }),
      ...this.#writer.write({ type: 'end' }),
    ]);
  }

  #note(part: StreamPart): void {
    this.#sawContent ||= saysSomething(part);
    if ('choice' in part) this.#begun.add(part.choice);
    switch (part.type) {
      case 'textDelta':
      case 'refusalDelta':
      case 'thinkingDelta':
        this.#generatedBytes += Buffer.byteLength(part.text);
        break;
      case 'toolCallDelta':
        this.#generatedBytes += Buffer.byteLength(part.arguments);
        break;
      case 'finish':
        this.#finishedChoices.add(part.choice);
        break;
      case 'usage':
        this.#usage = part.usage;
        break;
      case 'error':
        this.#refusal ??= refusalOfError(part.error);
        break;
      case 'end':
        this.#ended = true;
        break;
      default:
    }
  }
}
