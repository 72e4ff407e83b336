import type { StreamPart } from './streamPart';

/** Whether a step gives the client something of the answer: after it there is no other provider to fall back to. */
export function saysSomething(part: StreamPart): boolean {
  switch (part.type) {
    case 'textDelta':
    case 'refusalDelta':
    case 'thinkingDelta':
      return part.text !== '';
    case 'thinkingSignature':
    case 'redactedThinking':
    case 'toolCallStart':
    case 'toolCallDelta':
    case 'logprobs':
    case 'finish':
      return true;
    case 'start':
    case 'partEnd':
    case 'usage':
    case 'ping':
    case 'error':
    case 'end':
      return false;
    default: {
      const impossible: never = part;
      throw new TypeError(`Unknown part: ${JSON.stringify(impossible)}`);
    }
  }
}
