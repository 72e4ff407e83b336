import type { ChoicePart } from '../canonical/streamPart';
import { JsonObjectEnd } from './JsonObjectEnd';
import { toToolUseId } from './toolInput';
import type {
  AnthropicBlock,
  AnthropicBlockDelta,
  AnthropicEvent,
} from './wire';

type Part = Exclude<ChoicePart, { readonly type: 'finish' }>;

/** A block of content, open or waiting for its turn. */
interface Block {
  /** Which parts are its own: a kind, or a call. */
  readonly key: string;
  readonly start: AnthropicBlock;
  /** What came before its turn did. */
  readonly waiting: AnthropicBlockDelta[];
  /** Of a call: whether its arguments are whole. */
  readonly json: JsonObjectEnd | undefined;
  /** Nothing more belongs to it. */
  closed: boolean;
}

/**
 * Puts parts into blocks, one after the other, since that is what Anthropic's streams are: a block that has been stopped is not gone on
 * with. Parts of one kind go into one block until another kind comes.
 *
 * Calls may come mixed, which other dialects allow. The one that began first is streamed; what belongs to others waits until its arguments
 * are whole, which is when the object that they are is closed, or until the answer ends. Calls that come one after the other, as they
 * nearly always do, are all streamed as they come.
 */
export class BlockSequence {
  #open: Block | undefined;
  #queue: Block[] = [];
  #index = -1;
  #calls = false;
  #refusal = false;
  readonly #byCall = new Map<number, Block>();

  /** What the reason to stop depends on. */
  get said(): { readonly calls: boolean; readonly refusal: boolean } {
    return { calls: this.#calls, refusal: this.#refusal };
  }

  write(part: Part): readonly AnthropicEvent[] {
    switch (part.type) {
      case 'textDelta':
        return this.#say('text', { type: 'text_delta', text: part.text });
      case 'refusalDelta':
        this.#refusal = true;
        return this.#say('refusal', { type: 'text_delta', text: part.text });
      case 'thinkingDelta':
        return this.#say('thinking', {
          type: 'thinking_delta',
          thinking: part.text,
        });
      case 'thinkingSignature':
        return this.#sign(part.signature);
      case 'redactedThinking':
        return this.#begin(
          newBlock('redacted', { type: 'redacted_thinking', data: part.data }),
        );
      case 'toolCallStart': {
        this.#calls = true;
        const { id, name, call } = part;
        const block = newBlock(
          `call ${call}`,
          {
            type: 'tool_use',
            id: toToolUseId(id),
            name,
            input: {},
            caller: { type: 'direct' },
          },
          new JsonObjectEnd(),
        );
        this.#byCall.set(call, block);
        return this.#begin(block);
      }
      case 'toolCallDelta': {
        const block = this.#byCall.get(part.call);
        return block ? this.#addArguments(block, part.arguments) : [];
      }
      case 'partEnd':
        this.#endPart();
        return [];
      case 'logprobs':
        return [];
      default: {
        const impossible: never = part;
        throw new TypeError(`Unknown part: ${JSON.stringify(impossible)}`);
      }
    }
  }

  /** Stops what is open and gives all that waits: nothing more comes. */
  end(): readonly AnthropicEvent[] {
    const events: AnthropicEvent[] = [];
    if (this.#open) this.#open.closed = true;
    for (const block of this.#queue) block.closed = true;
    this.#advance(events);
    this.#stop(events);
    return events;
  }

  /** The block to which the next part of a kind would belong: the last one. */
  get #last(): Block | undefined {
    return this.#queue.at(-1) ?? this.#open;
  }

  #say(
    key: 'text' | 'refusal' | 'thinking',
    delta: AnthropicBlockDelta,
  ): readonly AnthropicEvent[] {
    const last = this.#last;
    const isEmpty =
      (delta.type === 'text_delta' && delta.text === '') ||
      (delta.type === 'thinking_delta' && delta.thinking === '');
    if (last?.key === key && !last.closed) {
      return isEmpty ? [] : this.#add(last, delta);
    }
    // A text without a character is no block; thinking that is not shown is one.
    if (isEmpty && key !== 'thinking') return [];
    const block = newBlock(
      key,
      key === 'thinking'
        ? { type: 'thinking', thinking: '', signature: '' }
        : { type: 'text', text: '', citations: null },
    );
    const started = this.#begin(block);
    return isEmpty ? started : [...started, ...this.#add(block, delta)];
  }

  #sign(signature: string): readonly AnthropicEvent[] {
    const events: AnthropicEvent[] = [];
    const last = this.#last;
    if (last?.key !== 'thinking' || last.closed) {
      events.push(
        ...this.#say('thinking', { type: 'thinking_delta', thinking: '' }),
      );
    }
    const block = this.#last;
    if (!block) return events;
    events.push(...this.#add(block, { type: 'signature_delta', signature }));
    block.closed = true;
    return events;
  }

  #endPart(): void {
    const last = this.#last;
    // The end of a call is the end of its arguments: with mixed calls this may be the end of another.
    if (last && !last.json) last.closed = true;
  }

  #addArguments(block: Block, args: string): readonly AnthropicEvent[] {
    if (args === '') return [];
    block.json?.push(args);
    const delta = { type: 'input_json_delta' as const, partial_json: args };
    const events = [...this.#add(block, delta)];
    if (block.json?.reached) block.closed = true;
    // Those who waited for it can go on.
    if (block === this.#open && this.#queue.length > 0) this.#advance(events);
    return events;
  }

  #begin(block: Block): readonly AnthropicEvent[] {
    const last = this.#last;
    // All but calls end where another part begins.
    if (last && !last.json) last.closed = true;
    this.#queue.push(block);
    const events: AnthropicEvent[] = [];
    this.#advance(events);
    return events;
  }

  #add(block: Block, delta: AnthropicBlockDelta): readonly AnthropicEvent[] {
    if (block === this.#open) return [this.#delta(delta)];
    // A block that has been stopped cannot be gone on with.
    if (this.#queue.includes(block)) block.waiting.push(delta);
    return [];
  }

  /** Opens blocks for as long as the one that is open has come to its end. */
  #advance(events: AnthropicEvent[]): void {
    while (!this.#open || this.#open.closed) {
      const next = this.#queue.shift();
      if (!next) return;
      this.#stop(events);
      this.#open = next;
      this.#index += 1;
      events.push({
        type: 'content_block_start',
        index: this.#index,
        content_block: next.start,
      });
      for (const delta of next.waiting) events.push(this.#delta(delta));
    }
  }

  #stop(events: AnthropicEvent[]): void {
    if (!this.#open) return;
    events.push({ type: 'content_block_stop', index: this.#index });
    this.#open = undefined;
  }

  #delta(delta: AnthropicBlockDelta): AnthropicEvent {
    return { type: 'content_block_delta', index: this.#index, delta };
  }
}

function newBlock(
  key: string,
  start: AnthropicBlock,
  json?: JsonObjectEnd,
): Block {
  return { key, start, waiting: [], json, closed: false };
}
