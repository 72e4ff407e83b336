import type { CanonicalError } from './canonical/error';
import type { JsonObject } from './canonical/json';
import type { CanonicalRequest } from './canonical/request';
import type {
  CanonicalResponse,
  ReadResponse,
  ResponseIdentity,
} from './canonical/response';
import type {
  IncomingEvent,
  OutgoingEvent,
  StreamPart,
} from './canonical/streamPart';
import type { Translated } from './refusal';

/** Reads one stream of a provider, event by event. */
export interface StreamReader {
  /** What an event comes to; nothing when it is unknown, or follows an end or an error. */
  read(event: IncomingEvent): readonly StreamPart[];
  /** To be called when the connection has ended: gives the `end` that a whole answer was left without, or the error of one cut off. */
  end(): readonly StreamPart[];
}

/** Writes one stream for a client. */
export interface StreamWriter {
  /** The events of a step. Those of `end` are the last ones of a stream that went well: settle before they go out. */
  write(part: StreamPart): readonly OutgoingEvent[];
}

/** What a stream writer must know of the request that it answers. */
export interface StreamWriterOptions {
  readonly identity: ResponseIdentity;
  /** Whether the client asked for the usage; only for dialects that let it choose. */
  readonly includeUsage: boolean;
  /** Tokens of the request as estimated, for dialects that tell them before the provider has; replaced at the end by those reported. */
  readonly estimatedInputTokens: number;
}

/** An HTTP answer that is no success. */
export interface ErrorAnswer {
  readonly status: number;
  readonly body: JsonObject;
}

/**
 * A way of speaking to language models, as pure functions to and from the canonical form. Whatever speaks one dialect to its client and
 * another to its provider goes through the canonical form, so that a dialect is written once and not once per pair.
 *
 * Nothing here throws on what a client or a provider sent.
 */
export interface Dialect<Target> {
  readonly id: string;
  /** @param body - the parsed body of a client's request */
  readRequest(body: unknown): Translated<CanonicalRequest>;
  /** The body for a provider, or the field of the client's request that the provider has no way to do. */
  writeRequest(
    request: CanonicalRequest,
    target: Target,
  ): Translated<JsonObject>;
  /** @param body - the parsed body of a provider's answer with a status of success */
  readResponse(body: unknown): ReadResponse;
  writeResponse(
    response: CanonicalResponse,
    identity: ResponseIdentity,
  ): JsonObject;
  createStreamReader(): StreamReader;
  createStreamWriter(options: StreamWriterOptions): StreamWriter;
  /** @param body - parsed, or whatever there was instead */
  readError(status: number, body: unknown): CanonicalError;
  writeError(error: CanonicalError, requestId: string): ErrorAnswer;
}
