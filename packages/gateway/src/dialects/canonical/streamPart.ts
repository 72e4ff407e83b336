import type { CanonicalError } from './error';
import type { Finish, Logprobs } from './response';
import type { CanonicalUsage } from './usage';

/**
 * A step of a streamed answer.
 *
 * Deltas of one kind that follow one another belong to one part of the answer, until another kind, another call or a `partEnd` comes.
 * Deltas of several calls may be mixed. Within a stream: `start`, deltas, one `finish` per choice, and `end`; `usage` may come at any time
 * between, the last one counts, and is whole by itself. After an `error` nothing follows.
 */
export type StreamPart =
  | {
      readonly type: 'start';
      readonly id: string | undefined;
      readonly model: string | undefined;
    }
  | ChoicePart
  | { readonly type: 'usage'; readonly usage: CanonicalUsage }
  /** Nothing but a sign of life. */
  | { readonly type: 'ping' }
  | { readonly type: 'error'; readonly error: CanonicalError }
  | { readonly type: 'end' };

/** A step that belongs to one choice. */
export type ChoicePart = { readonly choice: number } & (
  | { readonly type: 'textDelta'; readonly text: string }
  | { readonly type: 'refusalDelta'; readonly text: string }
  | { readonly type: 'thinkingDelta'; readonly text: string }
  /** Ends the thinking before it. */
  | { readonly type: 'thinkingSignature'; readonly signature: string }
  | { readonly type: 'redactedThinking'; readonly data: string }
  | {
      readonly type: 'toolCallStart';
      /** Counts the calls of a choice, from 0 on. */
      readonly call: number;
      readonly id: string;
      readonly name: string;
    }
  | {
      readonly type: 'toolCallDelta';
      readonly call: number;
      readonly arguments: string;
    }
  | { readonly type: 'partEnd' }
  | { readonly type: 'logprobs'; readonly logprobs: Logprobs }
  | { readonly type: 'finish'; readonly finish: Finish }
);

/** An event as a decoder of server-sent events gives it. */
export interface IncomingEvent {
  /** Its name; empty when it has none. */
  readonly event: string;
  readonly data: string;
}

/** An event to be sent, or a comment, which clients skip. */
export type OutgoingEvent =
  | { readonly event: string | null; readonly data: string }
  | { readonly comment: string };

/** The bytes of events, as text. Data has no line ends: it is JSON without indentation. */
export function encodeEvents(events: readonly OutgoingEvent[]): string {
  let text = '';
  for (const event of events) {
    if ('comment' in event) text += `: ${event.comment}\n\n`;
    else if (event.event === null) text += `data: ${event.data}\n\n`;
    else text += `event: ${event.event}\ndata: ${event.data}\n\n`;
  }
  return text;
}
