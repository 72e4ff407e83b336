import type {
  IncomingHttpHeaders,
  IncomingMessage,
  OutgoingHttpHeaders,
} from 'node:http';
import type { SendStep } from '../delivery/steps';
import type { Simulator } from '../dialect';
import type { Fault } from '../faults/kinds';
import type { Knobs } from '../knobs';
import type { SimulatedModel } from '../models';

/** True counts; a fault may tell the client others. */
export interface Usage {
  /** All of the prompt, cached or not. */
  readonly promptTokens: number;
  /** Of these, read from the prompt cache. */
  readonly cachedTokens: number;
  /** Of these, written to the prompt cache; only where a dialect tells it. */
  readonly cacheWriteTokens?: number;
  /** Reasoning included. */
  readonly completionTokens: number;
  readonly reasoningTokens: number;
}

/** What can be wrong with a request whatever the dialect; each dialect has its own words for it. */
export type Problem =
  | { readonly type: 'too-large' }
  | { readonly type: 'not-json' }
  /** A header `x-sim-…` makes no sense. */
  | {
      readonly type: 'header';
      readonly header: string;
      readonly reason: string;
    }
  | {
      readonly type: 'unknown-fault';
      readonly param: string;
      readonly reason: string;
    }
  | { readonly type: 'unknown-model'; readonly model: string }
  /** The fault `status`. */
  | {
      readonly type: 'status';
      readonly status: number;
      readonly retryAfterSeconds: number;
    };

/** An error, ready to be sent. */
export interface ErrorReply {
  readonly status: number;
  readonly body: string;
}

/** What every request to generate says, however its dialect spells it. */
export interface Asked {
  readonly model: string;
  readonly stream: boolean;
  /** Whether the client will be told of usage in a stream. */
  readonly includeUsage: boolean;
}

export type Parsed<R extends Asked> =
  | { readonly ok: true; readonly request: R }
  | { readonly ok: false; readonly error: ErrorReply };

export interface GenerationContext {
  readonly id: string;
  readonly model: SimulatedModel;
  readonly knobs: Knobs;
  readonly fault: Fault | undefined;
  readonly tokensPerChunk: number;
  readonly simulator: Simulator;
}

/** An answer that has been decided, and the two ways of putting it into bytes. */
export interface Generation {
  readonly usage: Usage;
  readonly body: () => string;
  readonly events: () => Iterable<SendStep>;
}

/** One endpoint that takes a prompt: what is its own. What all have in common is in `handle.ts`. */
export interface Operation<R extends Asked> {
  /** What ids of this operation begin with, such as `chatcmpl-`. */
  readonly idPrefix: string;
  /** Requests that bring no tokens and cost nothing are not in the statistics. */
  readonly unbilled?: boolean;
  /** The event that tells of an error once a stream has begun. */
  readonly errorEvent: string;
  /** An event whose data is not JSON. */
  readonly malformedEvent: string;
  /** Headers of every response, errors included. */
  headers(id: string): OutgoingHttpHeaders;
  /** Keys, versions: why the request may not go on, or undefined if it may. */
  admit(
    req: IncomingMessage,
    simulator: Simulator,
    id: string,
  ): ErrorReply | undefined;
  tell(problem: Problem, id: string): ErrorReply;
  parse(body: unknown, id: string, headers: IncomingHttpHeaders): Parsed<R>;
  /** The same request gives the same generation, but for what a prompt cache remembers. */
  generate(request: R, context: GenerationContext): Generation;
}
