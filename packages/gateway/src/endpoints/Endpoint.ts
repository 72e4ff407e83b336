import type { ErrorShape } from '../errors/shapes';
import type { Refusal } from '../errors/registry';
import type { ClientRequest } from './ClientRequest';

/** Headers of a request, by their names in small letters. */
export type RequestHeaders = Readonly<
  Record<string, string | readonly string[] | undefined>
>;

/** What can be asked for, as the ledger and policies name it. */
export type EndpointId =
  | 'chat.completions'
  | 'completions'
  | 'embeddings'
  | 'messages'
  | 'count_tokens';

/**
 * A way into the gateway: where it is, in which dialect it is spoken to, and how a request there is read. Every one of them goes the same
 * way through the pipeline, so that none is a side door.
 */
export interface Endpoint {
  readonly id: EndpointId;
  readonly path: string;
  /** In whose words a refusal is told. */
  readonly errors: ErrorShape;
  /** What generates nothing is free of charge. */
  readonly free: boolean;
  /** Reads a body; what it refuses, it refuses by the name of the field. */
  parse(bytes: Buffer, headers: RequestHeaders): ParsedRequest;
}

export type ParsedRequest =
  | { readonly ok: true; readonly request: ClientRequest }
  | { readonly ok: false; readonly refusal: Refusal };
