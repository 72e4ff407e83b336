import type { AnswerPart } from '../canonical/content';
import {
  isJsonObject,
  objectOf,
  objectsOf,
  stringOf,
  type JsonObject,
} from '../canonical/json';
import type {
  Choice,
  Finish,
  Logprobs,
  ReadResponse,
} from '../canonical/response';
import { readErrorObject } from './errors';
import { readFinishReason } from './finishReason';
import { fallbackCallId } from './fallbackCallId';
import { readUsage } from './usage';

/** Reads a completion that came whole, parsed. What a provider adds of its own is passed over. */
export function readResponse(body: unknown): ReadResponse {
  if (!isJsonObject(body)) {
    return { kind: 'invalid', reason: 'The answer is no object.' };
  }
  const error = readErrorObject(body.error);
  if (error) return { kind: 'error', error };
  if (!Array.isArray(body.choices)) {
    return { kind: 'invalid', reason: 'The answer has no choices.' };
  }
  const choices = objectsOf(body, 'choices').flatMap(readChoice);
  return {
    kind: 'response',
    response: {
      id: stringOf(body, 'id'),
      model: stringOf(body, 'model'),
      choices,
      usage: readUsage(body.usage),
    },
  };
}

function readChoice(choice: JsonObject, position: number): Choice[] {
  const message = objectOf(choice, 'message');
  if (!message) return [];
  const index =
    typeof choice.index === 'number' && Number.isSafeInteger(choice.index)
      ? choice.index
      : position;
  const logprobs = readLogprobs(choice.logprobs);
  return [
    {
      index,
      parts: [
        ...readThinking(message),
        ...words('text', message.content),
        ...words('refusal', message.refusal),
        ...readToolCalls(message, index),
      ],
      finish: readFinish(choice),
      ...(logprobs && { logprobs }),
    },
  ];
}

/** Reads how a choice, whole or streamed, ended. vLLM tells in `stop_reason` which stop sequence it was. */
export function readFinish(choice: JsonObject): Finish {
  const reason = readFinishReason(stringOf(choice, 'finish_reason') ?? '');
  const stopSequence = stringOf(choice, 'stop_reason');
  return reason === 'stop' && stopSequence
    ? { reason: 'stopSequence', stopSequence }
    : { reason };
}

/** Reads `logprobs` of a choice, whole or streamed. */
export function readLogprobs(logprobs: unknown): Logprobs | undefined {
  if (!isJsonObject(logprobs)) return undefined;
  const { content, refusal } = logprobs;
  if (!Array.isArray(content) && !Array.isArray(refusal)) return undefined;
  return {
    content: Array.isArray(content) ? content : null,
    refusal: Array.isArray(refusal) ? refusal : null,
  };
}

function words(type: 'text' | 'refusal', text: unknown): AnswerPart[] {
  return typeof text === 'string' && text !== '' ? [{ type, text }] : [];
}

function readThinking(message: JsonObject): AnswerPart[] {
  const blocks = objectsOf(message, 'thinking_blocks').flatMap(readBlock);
  if (blocks.length > 0) return blocks;
  const text =
    stringOf(message, 'reasoning_content') || stringOf(message, 'reasoning');
  return text ? [{ type: 'thinking', text }] : [];
}

/** One of `thinking_blocks`. */
export function readBlock(block: JsonObject): AnswerPart[] {
  if (block.type === 'redacted_thinking') {
    const data = stringOf(block, 'data');
    return data === undefined ? [] : [{ type: 'redactedThinking', data }];
  }
  const text = stringOf(block, 'thinking');
  const signature = stringOf(block, 'signature');
  return text === undefined
    ? []
    : [{ type: 'thinking', text, ...(signature && { signature }) }];
}

function readToolCalls(message: JsonObject, choice: number): AnswerPart[] {
  return objectsOf(message, 'tool_calls').flatMap((call, position) => {
    const called = objectOf(call, 'function');
    const name = called && stringOf(called, 'name');
    if (!called || !name) return [];
    return [
      {
        type: 'toolCall' as const,
        id: stringOf(call, 'id') || fallbackCallId(choice, position),
        name,
        arguments: stringOf(called, 'arguments') ?? '',
      },
    ];
  });
}
