import { objectOf, stringOf, type JsonObject } from '../canonical/json';
import type { Finish, FinishReason } from '../canonical/response';
import type { AnthropicStop, AnthropicStopReason } from './wire';

/** Reads why a message, or a stream, ended. */
export function readFinish(stop: JsonObject): Finish {
  const reason = readStopReason(stringOf(stop, 'stop_reason') ?? '');
  const stopSequence = stringOf(stop, 'stop_sequence');
  const details = objectOf(stop, 'stop_details');
  const explanation = details && stringOf(details, 'explanation');
  return {
    reason,
    ...(reason === 'stopSequence' &&
      stopSequence !== undefined && { stopSequence }),
    ...(reason === 'refusal' && explanation && { explanation }),
  };
}

function readStopReason(reason: string): FinishReason {
  switch (reason) {
    case 'end_turn':
      return 'stop';
    case 'max_tokens':
      return 'maxOutputTokens';
    case 'stop_sequence':
      return 'stopSequence';
    case 'tool_use':
      return 'toolCalls';
    case 'pause_turn':
      return 'pause';
    case 'refusal':
      return 'refusal';
    case 'model_context_window_exceeded':
      return 'contextWindow';
    default:
      return 'unknown';
  }
}

/**
 * Writes why a message, or a stream, ended. Clients of Anthropic's dialect run tools when the reason says so, and know a refusal by it,
 * while OpenAI's providers say 'stop' after a call that was asked for by name, and after a message that declines.
 */
export function writeStop(
  finish: Finish,
  said: { readonly calls: boolean; readonly refusal: boolean },
): AnthropicStop {
  const stopReason = writeStopReason(finish.reason, said);
  return {
    stop_reason: stopReason,
    stop_sequence:
      stopReason === 'stop_sequence' ? (finish.stopSequence ?? null) : null,
    stop_details:
      stopReason === 'refusal' && finish.explanation
        ? { type: 'refusal', category: null, explanation: finish.explanation }
        : null,
  };
}

function writeStopReason(
  reason: FinishReason,
  said: { readonly calls: boolean; readonly refusal: boolean },
): AnthropicStopReason {
  switch (reason) {
    case 'stop':
    case 'unknown':
      if (said.calls) return 'tool_use';
      return said.refusal ? 'refusal' : 'end_turn';
    case 'stopSequence':
      return 'stop_sequence';
    case 'maxOutputTokens':
      return 'max_tokens';
    case 'contextWindow':
      return 'model_context_window_exceeded';
    case 'toolCalls':
      return 'tool_use';
    case 'refusal':
      return 'refusal';
    case 'pause':
      return 'pause_turn';
    default: {
      const impossible: never = reason;
      throw new TypeError(`Unknown reason: ${impossible}`);
    }
  }
}
