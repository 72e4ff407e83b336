/** What the models of every dialect say; requests carry the same as history. */

/** Words of an answer. */
export interface Text {
  readonly type: 'text';
  readonly text: string;
}

/** Words by which a model declines. */
export interface RefusalText {
  readonly type: 'refusal';
  readonly text: string;
}

/** Reasoning that is shown. A signature is the provider's proof that it wrote it, and means something to that provider only. */
export interface Thinking {
  readonly type: 'thinking';
  readonly text: string;
  readonly signature?: string;
}

/** Reasoning that only its provider can read. */
export interface RedactedThinking {
  readonly type: 'redactedThinking';
  readonly data: string;
}

/** A call of a tool. */
export interface ToolCall {
  readonly type: 'toolCall';
  readonly id: string;
  readonly name: string;
  /** JSON as the model wrote it: mostly an object, but models make mistakes and answers are cut. */
  readonly arguments: string;
}

/** One part of what a model said, in the order in which it said it. */
export type AnswerPart =
  Text | RefusalText | Thinking | RedactedThinking | ToolCall;
