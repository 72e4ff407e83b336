import { STREAM_CUT_OFF, STREAM_UNREADABLE } from '../canonical/error';
import {
  isJsonObject,
  objectOf,
  parseJson,
  stringOf,
  type JsonObject,
} from '../canonical/json';
import type { IncomingEvent, StreamPart } from '../canonical/streamPart';
import type { StreamReader } from '../Dialect';
import { readErrorObject } from './errors';
import { readFinish } from './stopReason';
import { UsageReport } from './usage';

/** Anthropic gives one answer to a request. */
const choice = 0;

interface Call {
  readonly number: number;
  hasArguments: boolean;
}

/**
 * Reads a stream of Anthropic's events. What an event is, its data says as well as its name; the data counts, since some senders leave the
 * name out.
 */
export class AnthropicMessagesStreamReader implements StreamReader {
  readonly #usage = new UsageReport();
  /** Calls whose blocks are open, by the index of the block. */
  readonly #calls = new Map<number, Call>();
  /** Open blocks that are translated; what comes of others is passed over. */
  readonly #open = new Set<number>();
  #callCount = 0;
  #finished = false;
  #over = false;

  read({ event, data }: IncomingEvent): readonly StreamPart[] {
    if (this.#over || data.trim() === '') return [];
    const body = parseJson(data);
    if (!isJsonObject(body)) {
      return this.#fail({ type: 'error', error: STREAM_UNREADABLE });
    }
    switch (stringOf(body, 'type') ?? event) {
      case 'message_start':
        return this.#startMessage(objectOf(body, 'message') ?? {});
      case 'content_block_start':
        return this.#startBlock(body);
      case 'content_block_delta':
        return this.#readDelta(body);
      case 'content_block_stop':
        return this.#stopBlock(body);
      case 'message_delta':
        return this.#readMessageDelta(body);
      case 'message_stop':
        this.#over = true;
        return [{ type: 'end' }];
      case 'ping':
        return [{ type: 'ping' }];
      case 'error': {
        const told = readErrorObject(body.error) ?? STREAM_UNREADABLE;
        const { kind, message, param, code } = told;
        return this.#fail({
          type: 'error',
          error: { kind, message, param, code },
        });
      }
      default:
        return [];
    }
  }

  end(): readonly StreamPart[] {
    if (this.#over) return [];
    if (!this.#finished) {
      return this.#fail({ type: 'error', error: STREAM_CUT_OFF });
    }
    this.#over = true;
    return [{ type: 'end' }];
  }

  #fail(error: StreamPart): readonly StreamPart[] {
    this.#over = true;
    return [error];
  }

  #startMessage(message: JsonObject): readonly StreamPart[] {
    return [
      {
        type: 'start',
        id: stringOf(message, 'id'),
        model: stringOf(message, 'model'),
      },
      ...this.#readUsage(message.usage),
    ];
  }

  #readMessageDelta(body: JsonObject): readonly StreamPart[] {
    const delta = objectOf(body, 'delta') ?? {};
    const parts = [...this.#readUsage(body.usage)];
    if (stringOf(delta, 'stop_reason') !== undefined && !this.#finished) {
      this.#finished = true;
      parts.push({ type: 'finish', choice, finish: readFinish(delta) });
    }
    return parts;
  }

  #readUsage(usage: unknown): readonly StreamPart[] {
    if (!isJsonObject(usage)) return [];
    this.#usage.add(usage);
    const { usage: known } = this.#usage;
    return known ? [{ type: 'usage', usage: known }] : [];
  }

  #startBlock(body: JsonObject): readonly StreamPart[] {
    const index = indexOf(body);
    const block = objectOf(body, 'content_block') ?? {};
    this.#open.add(index);
    switch (block.type) {
      case 'text':
        return [
          { type: 'textDelta', choice, text: stringOf(block, 'text') ?? '' },
        ];
      case 'thinking': {
        const text = stringOf(block, 'thinking') ?? '';
        const signature = stringOf(block, 'signature');
        return [
          { type: 'thinkingDelta', choice, text },
          ...(signature
            ? [{ type: 'thinkingSignature' as const, choice, signature }]
            : []),
        ];
      }
      case 'redacted_thinking':
        return [
          {
            type: 'redactedThinking',
            choice,
            data: stringOf(block, 'data') ?? '',
          },
        ];
      case 'tool_use':
        return this.#startCall(index, block);
      default:
        this.#open.delete(index);
        return [];
    }
  }

  #startCall(index: number, block: JsonObject): readonly StreamPart[] {
    const call: Call = { number: this.#callCount, hasArguments: false };
    this.#callCount += 1;
    this.#calls.set(index, call);
    const start: StreamPart = {
      type: 'toolCallStart',
      choice,
      call: call.number,
      id: stringOf(block, 'id') ?? '',
      name: stringOf(block, 'name') ?? '',
    };
    const input = objectOf(block, 'input');
    return input && Object.keys(input).length > 0
      ? [start, ...addArguments(call, JSON.stringify(input))]
      : [start];
  }

  #readDelta(body: JsonObject): readonly StreamPart[] {
    const index = indexOf(body);
    const delta = objectOf(body, 'delta');
    if (!delta || !this.#open.has(index)) return [];
    switch (delta.type) {
      case 'text_delta':
        return [
          { type: 'textDelta', choice, text: stringOf(delta, 'text') ?? '' },
        ];
      case 'thinking_delta': {
        const text = stringOf(delta, 'thinking') ?? '';
        return [{ type: 'thinkingDelta', choice, text }];
      }
      case 'signature_delta': {
        const signature = stringOf(delta, 'signature');
        return signature
          ? [{ type: 'thinkingSignature', choice, signature }]
          : [];
      }
      case 'input_json_delta': {
        const call = this.#calls.get(index);
        return call
          ? addArguments(call, stringOf(delta, 'partial_json') ?? '')
          : [];
      }
      default:
        return [];
    }
  }

  #stopBlock(body: JsonObject): readonly StreamPart[] {
    const index = indexOf(body);
    if (!this.#open.delete(index)) return [];
    const call = this.#calls.get(index);
    this.#calls.delete(index);
    return [
      // A call without arguments has an empty object for them.
      ...(call && !call.hasArguments ? addArguments(call, '{}') : []),
      { type: 'partEnd', choice },
    ];
  }
}

function addArguments(call: Call, args: string): readonly StreamPart[] {
  if (args === '') return [];
  call.hasArguments = true;
  return [
    { type: 'toolCallDelta', choice, call: call.number, arguments: args },
  ];
}

function indexOf(body: JsonObject): number {
  return typeof body.index === 'number' ? body.index : 0;
}
