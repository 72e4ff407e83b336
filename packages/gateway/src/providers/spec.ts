import type { TokenUsage } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { ClientRequest } from '../endpoints';
import type { Refusal } from '../errors/registry';
import type { ProviderSettings } from './settings';

/**
 * The seam between the gateway and those who answer: what a kind of provider must know how to do, as pure functions. A provider never
 * touches a socket, a clock or a file; whatever has state is made anew for each request.
 */
export interface ProviderKind {
  /** What OpenTelemetry's conventions call whoever answers; `null` for those that they have no name for. */
  readonly telemetryName: string | null;
  /** What to ask upstream for what the client asked, and how to read the answer. */
  prepare(request: ClientRequest, target: UpstreamTarget): Prepared;
  /** What an answer that is no success comes to for the client. Never tells more than is the client's to know. */
  mapError(answer: UpstreamError): Refusal;
  /** What can be asked for by GET at no cost, to find out whether an upstream is there and takes the credential: its list of models. */
  probe(target: UpstreamTarget): ProbeRequest;
}

/** Names and values in turn, as they go to the connection. */
export type RawHeaders = readonly string[];

/** A request by GET. */
export interface ProbeRequest {
  /** The path with its query, below the origin. */
  readonly path: string;
  readonly headers: RawHeaders;
}

/** Which upstream, with which credential, and for whom. */
export interface UpstreamTarget {
  /** As it is configured; what stands before the paths of the provider. */
  readonly baseUrl: string;
  readonly upstreamModel: string;
  readonly credential: Credential | null;
  /** Of the provider, and of the deployment, which decides. */
  readonly settings: ProviderSettings;
  readonly requestId: string;
  /** Milliseconds since the epoch: when the request came, which a translated answer tells. */
  readonly receivedAt: number;
}

/** By what the upstream knows whose account it is. */
export type Credential =
  | { readonly kind: 'key'; readonly secret: string }
  /** Of an identity, and good for a while. */
  | { readonly kind: 'token'; readonly token: string };

/** What is to be done for a request. */
export type Prepared =
  | { readonly kind: 'call'; readonly call: UpstreamCall }
  /** The gateway knows the answer itself. */
  | { readonly kind: 'answered'; readonly answer: Completion }
  /** This provider has no way to do it; another may. */
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** A request to an upstream, and how its answer is read. */
export interface UpstreamCall {
  readonly request: UpstreamRequest;
  /** Reads an answer that came whole. */
  readWhole(body: Buffer): WholeAnswer;
  /** Bytes of generated text in what came of an answer that is not whole, for an estimate. */
  generatedIn(part: Buffer): number;
  /** Reads one stream, event by event. */
  createStreamReader(): StreamReader;
}

/** A request, ready for a connection. */
export interface UpstreamRequest {
  /** The path with its query, below the origin. */
  readonly path: string;
  readonly headers: RawHeaders;
  readonly body: Buffer;
}

/**
 * What a provider says about tokens. Reported, reported as zero and not reported at all are three different things: the first two are
 * billed as they are, the third is estimated.
 */
export type ReportedUsage =
  | { readonly kind: 'reported'; readonly tokens: TokenUsage }
  /** What was read is known; what was generated is at least this, as the end has not come. */
  | { readonly kind: 'partial'; readonly tokens: TokenUsage }
  | { readonly kind: 'absent' };

/** An answer that is whole. */
export interface Completion {
  readonly kind: 'completion';
  /** What the client gets: the bytes that came, unless its dialect is another. */
  readonly body: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly usage: ReportedUsage;
  /** Bytes of generated text, for an estimate. */
  readonly generatedBytes: number;
}

/** An answer that came whole. */
export type WholeAnswer =
  | Completion
  /** An error that came with a status of success. */
  | { readonly kind: 'error'; readonly refusal: Refusal }
  | { readonly kind: 'invalid' };

/** What to do with an event of a stream. */
export type StreamStep =
  /** Pass it to the client as it is. */
  | 'pass'
  /** It is for the gateway only. */
  | 'hide'
  /** It ends the stream; what it comes to is in {@link StreamReader.closing}, to be sent once the usage is safe. */
  | 'end'
  /** Pass this in its place: it has been translated. */
  | Buffer;

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
  /** What an error comes to for the client that an event told of; it ended the stream, and is not passed on. */
  readonly refusal: Refusal | undefined;
  /** Bytes of generated text, for an estimate. */
  readonly generatedBytes: number;
  /** What tells the client that its stream is whole. Asked for at most once, when nothing more is read. */
  closing(): string | Buffer;
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
