import type {
  IncomingMessage,
  OutgoingHttpHeaders,
  ServerResponse,
} from 'node:http';
import type { Simulator } from '../dialect';
import { sendJson } from '../http/respond';
import type { Outcome, RequestRecord } from '../stats';
import type { ErrorReply } from './operation';

export type Draft = {
  -readonly [K in keyof Omit<RequestRecord, 'outcome'>]: RequestRecord[K];
};

/** One request under way. */
export interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly simulator: Simulator;
  /** Filled in as the request becomes known. */
  readonly record: Draft;
  readonly streamStarted: () => void;
}

/** Answers with an error. */
export function refuse(
  res: ServerResponse,
  { status, body }: ErrorReply,
  headers: OutgoingHttpHeaders = {},
): Outcome {
  sendJson(res, status, body, headers);
  return 'refused';
}
