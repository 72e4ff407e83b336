import { AnthropicUsageReport, readAnthropicError } from '../../dialects';
import { refuse, type Refusal } from '../../errors/registry';
import { sseData, sseName } from '../../wire/sse';
import { ChunkScanner } from '../ChunkScanner';
import { refusalOfError } from '../refusalOfDialect';
import type { ReportedUsage, StreamReader, StreamStep } from '../spec';

/** Finds what a model generated in members of a block or a delta. Shared: a scan is over before anyone else begins one. */
export const textScanner = new ChunkScanner({
  texts: ['text', 'thinking', 'partial_json'],
  marks: [],
});

const DELTA = Buffer.from('"content_block_delta"');
const UNTOLD = refuse('upstream_error', {});
const STOP = 'event: message_stop\ndata: {"type":"message_stop"}\n\n';

/**
 * Reads a stream of Anthropic's events as it passes. Deltas, which are nearly all of it, are looked at and not parsed.
 *
 * Usage comes in two halves: what was read with `message_start`, what was generated with `message_delta`. A stream that breaks off between
 * has told the first half only.
 */
export class AnthropicStreamReader implements StreamReader {
  readonly #report = new AnthropicUsageReport();
  #toldOutput = false;
  #generatedBytes = 0;
  #sawBlock = false;
  #stopReason = false;
  #stopped: Buffer | undefined;
  #refusal: Refusal | undefined;

  get usage(): ReportedUsage {
    const tokens = this.#report.usage;
    if (!tokens) return { kind: 'absent' };
    return { kind: this.#toldOutput ? 'reported' : 'partial', tokens };
  }

  get refusal(): Refusal | undefined {
    return this.#refusal;
  }

  get generatedBytes(): number {
    return this.#generatedBytes;
  }

  get sawContent(): boolean {
    return this.#generatedBytes > 0 || this.#sawBlock || this.finished;
  }

  get finished(): boolean {
    return (this.#stopReason || this.#stopped !== undefined) && !this.#refusal;
  }

  read(event: Buffer): StreamStep {
    const data = sseData(event);
    if (!data) return 'pass';
    textScanner.scan(data);
    this.#generatedBytes += textScanner.textBytes;
    if (data.includes(DELTA)) return 'pass';
    const body = parse(data);
    // Named so, it is one whatever it holds.
    if (sseName(event) === 'error') return this.#fail(body);
    switch (body?.type) {
      case 'message_start':
        this.#report.add(property(body.message, 'usage'));
        return 'pass';
      case 'content_block_start':
        // Text and thinking begin with nothing; whatever else there is says something by being there.
        this.#sawBlock ||= !['text', 'thinking'].includes(
          String(property(body.content_block, 'type')),
        );
        return 'pass';
      case 'message_delta':
        this.#report.add(body.usage);
        this.#toldOutput ||=
          typeof property(body.usage, 'output_tokens') === 'number';
        this.#stopReason ||=
          typeof property(body.delta, 'stop_reason') === 'string';
        return 'pass';
      case 'message_stop':
        this.#stopped = event;
        return 'end';
      case 'error':
        return this.#fail(body);
      default:
        return 'pass';
    }
  }

  #fail(body: Readonly<Record<string, unknown>> | undefined): StreamStep {
    const error = readAnthropicError(body?.error);
    this.#refusal = error ? refusalOfError(error) : UNTOLD;
    return 'end';
  }

  /** As it came; for an upstream that has left it out, as it should have. */
  closing(): string | Buffer {
    return this.#stopped ?? STOP;
  }
}

function parse(data: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(data.toString());
    return typeof value === 'object' && value !== null
      ? { ...value }
      : undefined;
  } catch {
    // Not ours to judge: it goes on to the client as it came.
    return undefined;
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Reflect.get(value, name)
    : undefined;
}
