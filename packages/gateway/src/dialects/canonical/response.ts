import type { AnswerPart } from './content';
import type { CanonicalError } from './error';
import type { CanonicalUsage } from './usage';

/** Why an answer ended. */
export type FinishReason =
  /** It was said. */
  | 'stop'
  /** One of the client's stop sequences came up. */
  | 'stopSequence'
  | 'maxOutputTokens'
  | 'contextWindow'
  | 'toolCalls'
  /** The model or its provider declined. */
  | 'refusal'
  /** The provider paused a long turn, to be sent back as it is. */
  | 'pause'
  | 'unknown';

export interface Finish {
  readonly reason: FinishReason;
  /** Which one, when the reason is a stop sequence and the provider tells. */
  readonly stopSequence?: string;
  /** Why, when the provider declined and tells. */
  readonly explanation?: string;
}

/** Log probabilities in OpenAI's own form: no other dialect has them, so that they only pass. */
export interface Logprobs {
  readonly content: readonly unknown[] | null;
  readonly refusal: readonly unknown[] | null;
}

export interface Choice {
  readonly index: number;
  readonly parts: readonly AnswerPart[];
  readonly finish: Finish;
  readonly logprobs?: Logprobs;
}

/** An answer of any dialect. */
export interface CanonicalResponse {
  /** The provider's id and model. What a client sees of these is the gateway's to say. */
  readonly id: string | undefined;
  readonly model: string | undefined;
  readonly choices: readonly Choice[];
  /** Absent when the provider told none, which is not the same as zero. */
  readonly usage: CanonicalUsage | undefined;
}

/** What a whole answer of a provider comes to. */
export type ReadResponse =
  | { readonly kind: 'response'; readonly response: CanonicalResponse }
  /** An error that came with a status of success. */
  | { readonly kind: 'error'; readonly error: CanonicalError }
  | { readonly kind: 'invalid'; readonly reason: string };

/** What the client is told of who answered: its own request's id and time, and the model by the name it used. */
export interface ResponseIdentity {
  /** Without the prefix of a dialect; a writer puts its own before it. */
  readonly id: string;
  readonly model: string;
  /** Seconds since the epoch. */
  readonly created: number;
}
