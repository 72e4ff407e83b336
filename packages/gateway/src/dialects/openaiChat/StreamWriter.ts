import type { CanonicalError } from '../canonical/error';
import type { Finish, Logprobs, ResponseIdentity } from '../canonical/response';
import type {
  ChoicePart,
  OutgoingEvent,
  StreamPart,
} from '../canonical/streamPart';
import type { CanonicalUsage } from '../canonical/usage';
import type { StreamWriter } from '../Dialect';
import { writeErrorBody } from './errors';
import { writeFinishReason } from './finishReason';
import { writeUsage } from './usage';
import { completionId } from './writeResponse';
import type {
  OpenAiChunk,
  OpenAiDelta,
  OpenAiFinishReason,
  OpenAiThinkingBlock,
} from './wire';

interface ChoiceState {
  /** Thinking since the last signature, which signs it. */
  thought: string;
  readonly blocks: OpenAiThinkingBlock[];
  declined: boolean;
}

/**
 * Writes `chat.completion.chunk` events: the role first, deltas, a reason to finish for each choice, the usage if it was asked for, and
 * `[DONE]`. The usage and the `[DONE]` come out together when the `end` goes in, so that a caller can settle before it.
 *
 * An error is an event of its own, after which nothing comes: a stream without `[DONE]` is one that failed.
 */
export class OpenAiChatStreamWriter implements StreamWriter {
  readonly #identity: ResponseIdentity;
  readonly #includeUsage: boolean;
  readonly #choices = new Map<number, ChoiceState>();
  #usage: CanonicalUsage | undefined;
  #over = false;

  constructor(identity: ResponseIdentity, includeUsage: boolean) {
    this.#identity = identity;
    this.#includeUsage = includeUsage;
  }

  write(part: StreamPart): readonly OutgoingEvent[] {
    if (this.#over) return [];
    switch (part.type) {
      case 'start':
        return [];
      case 'ping':
        return [{ comment: 'keep-alive' }];
      case 'usage':
        this.#usage = part.usage;
        return [];
      case 'error':
        return this.#fail(part.error);
      case 'end':
        return this.#end();
      default:
        return this.#writeChoicePart(part);
    }
  }

  #fail(error: CanonicalError): readonly OutgoingEvent[] {
    this.#over = true;
    return [{ event: null, data: JSON.stringify(writeErrorBody(error)) }];
  }

  #end(): readonly OutgoingEvent[] {
    this.#over = true;
    const events: OutgoingEvent[] = [];
    if (this.#includeUsage && this.#usage) {
      events.push(this.#event([], writeUsage(this.#usage)));
    }
    events.push({ event: null, data: '[DONE]' });
    return events;
  }

  #writeChoicePart(part: ChoicePart): readonly OutgoingEvent[] {
    const { choice } = part;
    switch (part.type) {
      case 'textDelta':
        return this.#say(choice, 'content', part.text);
      case 'refusalDelta':
        return this.#say(choice, 'refusal', part.text);
      case 'thinkingDelta':
        return this.#say(choice, 'reasoning_content', part.text);
      case 'thinkingSignature':
        return this.#sign(choice, part.signature);
      case 'redactedThinking':
        return this.#block(choice, {
          type: 'redacted_thinking',
          data: part.data,
        });
      case 'toolCallStart':
        return this.#delta(choice, {
          tool_calls: [
            {
              index: part.call,
              id: part.id,
              type: 'function',
              function: { name: part.name, arguments: '' },
            },
          ],
        });
      case 'toolCallDelta':
        return this.#delta(choice, {
          tool_calls: [
            { index: part.call, function: { arguments: part.arguments } },
          ],
        });
      case 'partEnd':
        return [];
      case 'logprobs':
        return this.#delta(choice, {}, { logprobs: part.logprobs });
      case 'finish':
        return this.#finish(choice, part.finish);
      default: {
        const impossible: never = part;
        throw new TypeError(`Unknown part: ${JSON.stringify(impossible)}`);
      }
    }
  }

  #say(
    choice: number,
    name: 'content' | 'refusal' | 'reasoning_content',
    text: string,
  ): readonly OutgoingEvent[] {
    if (text === '') return [];
    const events = this.#delta(choice, { [name]: text });
    const state = this.#choices.get(choice);
    if (state && name === 'reasoning_content') state.thought += text;
    if (state && name === 'refusal') state.declined = true;
    return events;
  }

  #sign(choice: number, signature: string): readonly OutgoingEvent[] {
    const thinking = this.#choices.get(choice)?.thought ?? '';
    return this.#block(choice, { type: 'thinking', thinking, signature });
  }

  /** Gives all blocks so far, since most clients that join deltas keep the last of what they do not know. */
  #block(choice: number, block: OpenAiThinkingBlock): readonly OutgoingEvent[] {
    const { events, state } = this.#begin(choice, null);
    state.thought = '';
    state.blocks.push(block);
    const delta = { thinking_blocks: [...state.blocks] };
    return [...events, ...this.#delta(choice, delta)];
  }

  #finish(choice: number, finish: Finish): readonly OutgoingEvent[] {
    const declined = this.#choices.get(choice)?.declined;
    return [
      ...(finish.explanation && !declined
        ? this.#say(choice, 'refusal', finish.explanation)
        : this.#begin(choice, '').events),
      ...this.#delta(
        choice,
        {},
        { finishReason: writeFinishReason(finish.reason) },
      ),
    ];
  }

  /** The first chunk of a choice names the role, and whether there is text to come: `null` is no text so far. */
  #begin(
    choice: number,
    content: '' | null,
  ): {
    readonly events: readonly OutgoingEvent[];
    readonly state: ChoiceState;
  } {
    const known = this.#choices.get(choice);
    if (known) return { events: [], state: known };
    const state: ChoiceState = { thought: '', blocks: [], declined: false };
    this.#choices.set(choice, state);
    const delta: OpenAiDelta = { role: 'assistant', content, refusal: null };
    return { events: [this.#chunk(choice, delta)], state };
  }

  #delta(
    choice: number,
    delta: OpenAiDelta,
    more: {
      readonly logprobs?: Logprobs;
      readonly finishReason?: OpenAiFinishReason;
    } = {},
  ): readonly OutgoingEvent[] {
    const saysText = delta.content !== undefined || more.logprobs;
    const { events } = this.#begin(choice, saysText ? '' : null);
    return [...events, this.#chunk(choice, delta, more)];
  }

  #chunk(
    index: number,
    delta: OpenAiDelta,
    {
      logprobs,
      finishReason = null,
    }: {
      readonly logprobs?: Logprobs;
      readonly finishReason?: OpenAiFinishReason | null;
    } = {},
  ): OutgoingEvent {
    return this.#event([
      {
        index,
        delta,
        logprobs: logprobs ? { ...logprobs } : null,
        finish_reason: finishReason,
      },
    ]);
  }

  #event(
    choices: OpenAiChunk['choices'],
    usage: OpenAiChunk['usage'] = null,
  ): OutgoingEvent {
    const chunk: OpenAiChunk = {
      id: completionId(this.#identity),
      object: 'chat.completion.chunk',
      created: this.#identity.created,
      model: this.#identity.model,
      choices,
      ...(this.#includeUsage && { usage }),
    };
    return { event: null, data: JSON.stringify(chunk) };
  }
}
