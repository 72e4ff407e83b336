import { AnthropicUsageReport } from '../../dialects';
import { sseData } from '../../wire/sse';
import { generatedTextBytes } from '../openai/generatedText';
import type { ReportedUsage, StreamReader, StreamStep } from '../spec';

/** Members of a block or a delta that hold what a model generated. */
export const GENERATED = ['text', 'thinking', 'partial_json'].map(name =>
  Buffer.from(name),
);

const DELTA = Buffer.from('"content_block_delta"');
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
  #failed = false;

  get usage(): ReportedUsage {
    const tokens = this.#report.usage;
    if (!tokens) return { kind: 'absent' };
    return { kind: this.#toldOutput ? 'reported' : 'partial', tokens };
  }

  get failed(): boolean {
    return this.#failed;
  }

  get generatedBytes(): number {
    return this.#generatedBytes;
  }

  get sawContent(): boolean {
    return this.#generatedBytes > 0 || this.#sawBlock || this.finished;
  }

  get finished(): boolean {
    return (this.#stopReason || this.#stopped !== undefined) && !this.#failed;
  }

  read(event: Buffer): StreamStep {
    const data = sseData(event);
    if (!data) return 'pass';
    this.#generatedBytes += generatedTextBytes(data, GENERATED);
    if (data.includes(DELTA)) return 'pass';
    const body = parse(data);
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
        this.#failed = true;
        return 'pass';
      default:
        return 'pass';
    }
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
