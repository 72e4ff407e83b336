import type { TokenUsage } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Refusal } from '../errors/registry';
import type { ChatRequest } from '../wire/chatRequest';

/**
 * The seam between the gateway and those who answer: what a kind of provider must know how to do, as pure functions. A provider never
 * touches a socket, a clock or a file; whatever has state is made anew for each request.
 */
export interface ProviderDialect {
  /** The request to send upstream for what the client asked. */
  buildRequest(request: ChatRequest, target: UpstreamTarget): UpstreamRequest;
  /** Reads an answer that came whole. */
  readWhole(body: Buffer): WholeAnswer;
  /** Reads one stream, event by event. */
  createStreamReader(options: { readonly hideUsage: boolean }): StreamReader;
  /** What an answer that is no success comes to for the client. Never tells more than is the client's to know. */
  mapError(answer: UpstreamError): Refusal;
}

/** Which upstream, and with which credential. */
export interface UpstreamTarget {
  /** Up to and including the version: `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  readonly upstreamModel: string;
  readonly secret: string | null;
  readonly requestId: string;
}

/** A request, ready for a connection. */
export interface UpstreamRequest {
  /** The path with its query, below the origin. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * What a provider says about tokens. Reported, reported as zero and not reported at all are three different things: the first two are
 * billed as they are, the third is estimated.
 */
export type ReportedUsage =
  | { readonly kind: 'reported'; readonly tokens: TokenUsage }
  | { readonly kind: 'absent' };

/** An answer that came whole. */
export type WholeAnswer =
  | {
      readonly kind: 'completion';
      readonly usage: ReportedUsage;
      /** Bytes of generated text, for an estimate. */
      readonly generatedBytes: number;
    }
  /** An error that came with a status of success. */
  | { readonly kind: 'error'; readonly refusal: Refusal }
  | { readonly kind: 'invalid' };

/** What to do with an event of a stream. */
export type StreamStep =
  /** Pass it to the client as it is. */
  | 'pass'
  /** It is for the gateway only. */
  | 'hide'
  /** It ends the stream; it is passed once the usage is safe. */
  | 'end';

/** What one stream has told so far. */
export interface StreamReader {
  read(event: Buffer): StreamStep;
  readonly usage: ReportedUsage;
  /**
   * Whether an event gave something of the answer: text, thinking, a call of a tool, a reason to finish. Until then a stream has said
   * nothing that its client would miss, and may be given up for another; from then on it may not.
   */
  readonly sawContent: boolean;
  /** Whether the generation came to its own end, for every choice that began. */
  readonly finished: boolean;
  /** Whether an event told of an error. */
  readonly failed: boolean;
  /** Bytes of generated text, for an estimate. */
  readonly generatedBytes: number;
}

/** An answer that is no success. */
export interface UpstreamError {
  readonly status: number;
  readonly contentType: string;
  /** In whole seconds or as a date, as it was sent. */
  readonly retryAfter: string | undefined;
  /** At most some kilobytes of it. */
  readonly body: Buffer;
  /** Milliseconds since the epoch, to read dates by. */
  readonly now: number;
}
