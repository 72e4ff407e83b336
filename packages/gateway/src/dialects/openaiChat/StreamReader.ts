import { STREAM_CUT_OFF, STREAM_UNREADABLE } from '../canonical/error';
import {
  isJsonObject,
  objectOf,
  objectsOf,
  parseJson,
  stringOf,
  type JsonObject,
} from '../canonical/json';
import type { IncomingEvent, StreamPart } from '../canonical/streamPart';
import type { StreamReader } from '../Dialect';
import { readErrorObject } from './errors';
import { fallbackCallId } from './fallbackCallId';
import { readBlock, readFinish, readLogprobs } from './readResponse';
import { readUsage } from './usage';

const DONE = '[DONE]';

/** A call of a tool whose chunks are coming in. */
interface Call {
  readonly number: number;
  id: string;
  name: string;
  /** Arguments that came before the name did. */
  waiting: string;
  started: boolean;
}

interface ChoiceState {
  /** By the `index` that the provider counts with. */
  readonly calls: Map<number, Call>;
  callCount: number;
  /** How many of `thinking_blocks` have been told. */
  blocks: number;
  finished: boolean;
}

/** Reads a stream of `chat.completion.chunk` events. */
export class OpenAiChatStreamReader implements StreamReader {
  readonly #choices = new Map<number, ChoiceState>();
  #started = false;
  #over = false;

  read({ event, data }: IncomingEvent): readonly StreamPart[] {
    if (this.#over) return [];
    const text = data.trim();
    if (text === '') return [];
    if (text === DONE) return this.#end();
    const chunk = parseJson(text);
    if (!isJsonObject(chunk)) {
      return this.#fail({ type: 'error', error: STREAM_UNREADABLE });
    }
    const error =
      readErrorObject(chunk.error) ??
      (event === 'error' ? readErrorObject(chunk) : undefined);
    if (error) return this.#fail({ type: 'error', error });
    return this.#readChunk(chunk);
  }

  end(): readonly StreamPart[] {
    if (this.#over) return [];
    const choices = [...this.#choices.values()];
    // Some servers leave out the [DONE]: an answer whose choices all have finished is whole.
    return choices.length > 0 && choices.every(choice => choice.finished)
      ? this.#end()
      : this.#fail({ type: 'error', error: STREAM_CUT_OFF });
  }

  #end(): readonly StreamPart[] {
    this.#over = true;
    return [{ type: 'end' }];
  }

  #fail(error: StreamPart): readonly StreamPart[] {
    this.#over = true;
    return [error];
  }

  #readChunk(chunk: JsonObject): readonly StreamPart[] {
    const parts: StreamPart[] = [];
    if (!this.#started) {
      this.#started = true;
      parts.push({
        type: 'start',
        id: stringOf(chunk, 'id'),
        model: stringOf(chunk, 'model'),
      });
    }
    objectsOf(chunk, 'choices').forEach((choice, position) => {
      const index =
        typeof choice.index === 'number' && Number.isSafeInteger(choice.index)
          ? choice.index
          : position;
      this.#readChoice(index, choice, parts);
    });
    const usage = readUsage(chunk.usage);
    if (usage) parts.push({ type: 'usage', usage });
    return parts;
  }

  #readChoice(index: number, choice: JsonObject, parts: StreamPart[]): void {
    let state = this.#choices.get(index);
    if (!state) {
      state = { calls: new Map(), callCount: 0, blocks: 0, finished: false };
      this.#choices.set(index, state);
    }
    const delta = objectOf(choice, 'delta') ?? {};
    const thought =
      stringOf(delta, 'reasoning_content') || stringOf(delta, 'reasoning');
    if (thought) {
      parts.push({ type: 'thinkingDelta', choice: index, text: thought });
    }
    readThinkingBlocks(index, delta, state, parts);
    const text = stringOf(delta, 'content');
    if (text) parts.push({ type: 'textDelta', choice: index, text });
    const refusal = stringOf(delta, 'refusal');
    if (refusal) {
      parts.push({ type: 'refusalDelta', choice: index, text: refusal });
    }
    objectsOf(delta, 'tool_calls').forEach((call, position) =>
      readCall(index, call, position, state, parts),
    );
    const logprobs = readLogprobs(choice.logprobs);
    if (logprobs) parts.push({ type: 'logprobs', choice: index, logprobs });
    if (!state.finished && stringOf(choice, 'finish_reason') !== undefined) {
      state.finished = true;
      parts.push({
        type: 'finish',
        choice: index,
        finish: readFinish(choice),
      });
    }
  }
}

/** Each delta holds all blocks so far; the text of thinking has come as `reasoning_content`, what is new is that it is signed. */
function readThinkingBlocks(
  choice: number,
  delta: JsonObject,
  state: ChoiceState,
  parts: StreamPart[],
): void {
  const blocks = objectsOf(delta, 'thinking_blocks');
  for (const block of blocks.slice(state.blocks).flatMap(readBlock)) {
    if (block.type === 'redactedThinking') {
      parts.push({ type: 'redactedThinking', choice, data: block.data });
    } else if (block.type === 'thinking' && block.signature !== undefined) {
      const { signature } = block;
      parts.push({ type: 'thinkingSignature', choice, signature });
    }
  }
  state.blocks = Math.max(state.blocks, blocks.length);
}

/**
 * A call begins when its name is known. Chunks name it by `index`; servers that leave the index out mean the position, and servers that
 * give each call index 0 tell them apart by id.
 */
function readCall(
  choice: number,
  chunk: JsonObject,
  position: number,
  state: ChoiceState,
  parts: StreamPart[],
): void {
  const index =
    typeof chunk.index === 'number' && Number.isSafeInteger(chunk.index)
      ? chunk.index
      : position;
  const called = objectOf(chunk, 'function') ?? {};
  const id = stringOf(chunk, 'id') ?? '';
  const name = stringOf(called, 'name') ?? '';
  let call = state.calls.get(index);
  const isAnother = call?.started && name !== '' && id !== '' && id !== call.id;
  if (!call || isAnother) {
    call = {
      number: state.callCount,
      id,
      name: '',
      waiting: '',
      started: false,
    };
    state.callCount += 1;
    state.calls.set(index, call);
  }
  let args = stringOf(called, 'arguments') ?? '';
  if (!call.started) {
    call.id ||= id;
    call.name += name;
    call.waiting += args;
    if (call.name === '') return;
    call.started = true;
    call.id ||= fallbackCallId(choice, call.number);
    parts.push({
      type: 'toolCallStart',
      choice,
      call: call.number,
      id: call.id,
      name: call.name,
    });
    args = call.waiting;
    call.waiting = '';
  }
  if (args !== '') {
    parts.push({
      type: 'toolCallDelta',
      choice,
      call: call.number,
      arguments: args,
    });
  }
}
