import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorShape } from '../errors/shapes';
import type { RequestTrail } from '../requestLogs/RequestTrail';
import type { RequestTrace } from '../telemetry/tracing/RequestTrace';
import type { Waits } from '../telemetry/Waits';

/** One request and the answer to it. */
export interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly requestId: string;
  /** In whose words it is told what is wrong. */
  readonly errors: ErrorShape;
  /** Milliseconds since the epoch: what the price in force is looked up by. */
  readonly receivedAt: number;
  /** Milliseconds of a clock that never goes back: what durations are measured from. */
  readonly startedAt: number;
  /** Headers of whatever is answered, names and values in turn: all of them, once that has begun. */
  readonly headers: string[];
  /** What the access log says, as far as it is known. */
  readonly facts: AccessFacts;
  /** What its request log is made from. */
  readonly trail: RequestTrail;
  /** How long it waited for others. */
  readonly waits: Waits;
  readonly trace: RequestTrace;
  /** Bytes of its bodies that are in memory. */
  heldBytes: number;
  /** Who is to know when its connection is done with it; one at a time. */
  onClose: OnClose | null;
  /** Whether its connection is done with it: it has been answered, or its client has hung up. */
  isClosed: boolean;
}

/** Is told when a connection is done with a request. */
export interface OnClose {
  closed(): void;
}

/**
 * What is known of a request, for its line in the access log. Never a body, never a credential.
 *
 * All of it has its place from the start: an object that grows with each thing that becomes known is made anew several times.
 */
export class AccessFacts {
  keyId?: string = undefined;
  projectId?: string = undefined;
  model?: string = undefined;
  streamed?: boolean = undefined;
  /** Of the last attempt. */
  deploymentId?: string = undefined;
  attempts?: number = undefined;
  errorCode?: string = undefined;
  /** What went wrong upstream; not for clients. */
  upstreamDetail?: string = undefined;
  outcome?: string = undefined;
  inputTokens?: number = undefined;
  outputTokens?: number = undefined;
  /** Of all attempts, in US dollars: exact. */
  cost?: string = undefined;
  timeToFirstTokenMs?: number = undefined;
}

const SANE_ID = /^[A-Za-z0-9._:-]{1,128}$/;

/** The client's own id for a request if it is sane, or a new one. */
export function requestIdOf(
  header: string | string[] | undefined,
  newId: () => string,
): string {
  return typeof header === 'string' && SANE_ID.test(header) ? header : newId();
}

/** The headers that tell a client the id of its request; Anthropic's look for it by a name of their own. */
export function idHeaders(requestId: string, errors: ErrorShape): string[] {
  return errors === 'anthropic'
    ? ['x-request-id', requestId, 'request-id', requestId]
    : ['x-request-id', requestId];
}
