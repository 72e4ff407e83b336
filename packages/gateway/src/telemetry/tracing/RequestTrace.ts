import type { Attributes } from '@opentelemetry/api';

/** The stages of a request that are told apart. */
export type StageName =
  | 'receive'
  | 'authenticate'
  | 'route'
  | 'admit'
  | 'commit'
  | 'deliver'
  | 'settle';

/** Headers that make what an upstream does part of the same trace. */
export type TraceHeaders = Readonly<Record<string, string>>;

/** How something went, for its span. */
export interface SpanEnd {
  readonly attributes: Attributes;
  /** A code; `null` when it went well. */
  readonly errorType: string | null;
}

/** An attempt at an upstream, as it is traced. */
export interface AttemptTrace {
  readonly headers: TraceHeaders;
  end(end: SpanEnd): void;
}

/** How one request is traced, if it is. */
export interface RequestTrace {
  /** Runs a stage on what the stage before it made. Changes nothing of what comes of it. */
  stage<I, C, T>(
    name: StageName,
    run: (input: I, surroundings: C) => T,
    input: I,
    surroundings: C,
  ): T;
  /** An attempt at an upstream begins. */
  attempt(name: string, attributes: () => Attributes): AttemptTrace;
  /** The request is over. */
  end(end: () => SpanEnd): void;
}

const NO_ATTEMPT: AttemptTrace = { headers: {}, end: () => undefined };

/** Of a request that is not traced: costs nothing. */
export const NO_TRACE: RequestTrace = {
  stage: (_name, run, input, surroundings) => run(input, surroundings),
  attempt: () => NO_ATTEMPT,
  end: () => undefined,
};
