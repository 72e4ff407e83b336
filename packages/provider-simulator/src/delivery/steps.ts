/** What is done to a response, in order. The end of the steps is the proper end of the response. */
export type Step =
  | SendStep
  /** Sends the response's headers without waiting for a body. */
  | { readonly type: 'headers' }
  /** Sends nothing more and keeps the connection until the client gives up. */
  | { readonly type: 'stall' }
  /** Breaks the connection once everything before this step is on its way. */
  | { readonly type: 'destroy' };

export interface SendStep {
  readonly type: 'send';
  readonly wire: string | Buffer;
  /** Completion tokens that this step brings to the client. */
  readonly tokens: number;
  /** Completion tokens that had to be generated before it: with the pace, these decide when it is due. */
  readonly afterTokens: number;
  /** Milliseconds of silence after it, on top of the pace. */
  readonly pauseMs?: number;
}

/** How fast a model answers. */
export interface Pace {
  /** Milliseconds from the request to the first token. */
  readonly firstTokenMs: number;
  /** Tokens per second after the first; `Infinity` is as fast as the client reads. */
  readonly tokensPerSecond: number;
}

/** Milliseconds after the request at which a step is due. */
export function dueMs(step: SendStep, pace: Pace): number {
  return pace.firstTokenMs + (step.afterTokens * 1_000) / pace.tokensPerSecond;
}
