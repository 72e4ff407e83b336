import { NO_TOKENS } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { CanonicalError } from '../canonical/error';
import type { Finish, ResponseIdentity } from '../canonical/response';
import type {
  ChoicePart,
  OutgoingEvent,
  StreamPart,
} from '../canonical/streamPart';
import type { CanonicalUsage } from '../canonical/usage';
import type { StreamWriter } from '../Dialect';
import { BlockSequence } from './BlockSequence';
import { writeErrorBody } from './errors';
import { writeStop } from './stopReason';
import { writeDeltaUsage, writeUsage } from './usage';
import { messageId } from './writeResponse';
import type { AnthropicErrorBody, AnthropicEvent } from './wire';

/**
 * Writes Anthropic's events in their published order: `message_start`; for each block of content a `content_block_start`, deltas and a
 * `content_block_stop`, one block after the other; one `message_delta` with the reason to stop and the usage; `message_stop`.
 *
 * The `message_delta` waits for the `end`, because providers of other dialects tell the usage after the reason to finish. `message_start`
 * must tell the input before such a provider has told anything: it tells what is known, or the estimate, and `message_delta` puts it right.
 */
export class AnthropicMessagesStreamWriter implements StreamWriter {
  readonly #identity: ResponseIdentity;
  readonly #blocks = new BlockSequence();
  #usage: CanonicalUsage;
  #finish: Finish = { reason: 'unknown' };
  #started = false;
  #over = false;

  constructor(identity: ResponseIdentity, estimatedInputTokens: number) {
    this.#identity = identity;
    this.#usage = { ...NO_TOKENS, input: estimatedInputTokens };
  }

  write(part: StreamPart): readonly OutgoingEvent[] {
    if (this.#over) return [];
    switch (part.type) {
      case 'start':
        // It goes out with what follows, so that a usage that stands beside it is told.
        return [];
      case 'usage':
        this.#usage = part.usage;
        return [];
      case 'ping':
        return this.#events([], [{ event: 'ping', data: '{"type":"ping"}' }]);
      case 'error':
        return this.#fail(part.error);
      case 'end':
        return this.#end();
      default:
        return this.#writeChoicePart(part);
    }
  }

  #writeChoicePart(part: ChoicePart): readonly OutgoingEvent[] {
    // There is one answer to a request in this dialect.
    if (part.choice !== 0) return [];
    if (part.type === 'finish') {
      this.#finish = part.finish;
      return this.#events(this.#blocks.end());
    }
    return this.#events(this.#blocks.write(part));
  }

  #fail(error: CanonicalError): readonly OutgoingEvent[] {
    this.#over = true;
    return [toEvent(writeErrorBody(error, null))];
  }

  #end(): readonly OutgoingEvent[] {
    const stop = writeStop(this.#finish, this.#blocks.said);
    const events = this.#events([
      ...this.#blocks.end(),
      {
        type: 'message_delta',
        delta: { container: null, ...stop },
        usage: writeDeltaUsage(this.#usage),
      },
      { type: 'message_stop' },
    ]);
    this.#over = true;
    return events;
  }

  #events(
    events: readonly AnthropicEvent[],
    more: readonly OutgoingEvent[] = [],
  ): readonly OutgoingEvent[] {
    if (events.length === 0 && more.length === 0) return [];
    const first = this.#started ? [] : [this.#messageStart()];
    this.#started = true;
    return [...[...first, ...events].map(toEvent), ...more];
  }

  #messageStart(): AnthropicEvent {
    return {
      type: 'message_start',
      message: {
        id: messageId(this.#identity),
        type: 'message',
        role: 'assistant',
        model: this.#identity.model,
        content: [],
        container: null,
        diagnostics: null,
        stop_reason: null,
        stop_sequence: null,
        stop_details: null,
        usage: writeUsage(this.#usage),
      },
    };
  }
}

function toEvent(body: AnthropicEvent | AnthropicErrorBody): OutgoingEvent {
  return { event: body.type, data: JSON.stringify(body) };
}
