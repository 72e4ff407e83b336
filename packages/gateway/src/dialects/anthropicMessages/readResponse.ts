import type { AnswerPart } from '../canonical/content';
import {
  isJsonObject,
  objectsOf,
  stringOf,
  type JsonObject,
} from '../canonical/json';
import type { ReadResponse } from '../canonical/response';
import { readErrorObject } from './errors';
import { readFinish } from './stopReason';
import { UsageReport } from './usage';

/** Reads a message that came whole, parsed. Blocks of Anthropic's own tools, which no translated request asks for, are passed over. */
export function readResponse(body: unknown): ReadResponse {
  if (!isJsonObject(body)) {
    return { kind: 'invalid', reason: 'The answer is no object.' };
  }
  const error =
    body.type === 'error' || body.content === undefined
      ? readErrorObject(body.error)
      : undefined;
  if (error) {
    const { kind, message, param, code } = error;
    return { kind: 'error', error: { kind, message, param, code } };
  }
  if (!Array.isArray(body.content)) {
    return { kind: 'invalid', reason: 'The answer has no content.' };
  }
  const report = new UsageReport();
  report.add(body.usage);
  return {
    kind: 'response',
    response: {
      id: stringOf(body, 'id'),
      model: stringOf(body, 'model'),
      choices: [
        {
          index: 0,
          parts: objectsOf(body, 'content').flatMap(readBlock),
          finish: readFinish(body),
        },
      ],
      usage: report.usage,
    },
  };
}

function readBlock(block: JsonObject): AnswerPart[] {
  switch (block.type) {
    case 'text':
      return [{ type: 'text', text: stringOf(block, 'text') ?? '' }];
    case 'thinking': {
      const signature = stringOf(block, 'signature');
      return [
        {
          type: 'thinking',
          text: stringOf(block, 'thinking') ?? '',
          ...(signature && { signature }),
        },
      ];
    }
    case 'redacted_thinking':
      return [
        { type: 'redactedThinking', data: stringOf(block, 'data') ?? '' },
      ];
    case 'tool_use':
      return [
        {
          type: 'toolCall',
          id: stringOf(block, 'id') ?? '',
          name: stringOf(block, 'name') ?? '',
          arguments: JSON.stringify(block.input ?? {}),
        },
      ];
    default:
      return [];
  }
}
