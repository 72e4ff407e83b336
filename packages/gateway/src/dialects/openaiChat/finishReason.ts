import type { FinishReason } from '../canonical/response';
import type { OpenAiFinishReason } from './wire';

/** Reads `finish_reason`; unknown words are those of servers that speak OpenAI's dialect their own way. */
export function readFinishReason(reason: string): FinishReason {
  switch (reason) {
    case 'stop':
      return 'stop';
    case 'length':
      return 'maxOutputTokens';
    case 'tool_calls':
    case 'function_call':
      return 'toolCalls';
    case 'content_filter':
      return 'refusal';
    default:
      return 'unknown';
  }
}

/** Writes `finish_reason`. */
export function writeFinishReason(reason: FinishReason): OpenAiFinishReason {
  switch (reason) {
    case 'stop':
    case 'stopSequence':
    case 'pause':
    case 'unknown':
      return 'stop';
    case 'maxOutputTokens':
    case 'contextWindow':
      return 'length';
    case 'toolCalls':
      return 'tool_calls';
    case 'refusal':
      return 'content_filter';
    default: {
      const impossible: never = reason;
      throw new TypeError(`Unknown reason: ${impossible}`);
    }
  }
}
