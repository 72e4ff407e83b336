import type { FaultKind } from './faults/kinds';

/**
 * How a request ended: `completed`, everything was sent; `aborted`, the client hung up first; `refused`, an
 * error status was answered; `failed`, a fault ended the answer early.
 */
export type Outcome = 'completed' | 'aborted' | 'refused' | 'failed';

/** One request for tokens (a chat completion, a message, a completion, an embedding), as the simulator saw it. */
export interface RequestRecord {
  /** Also in the header `x-request-id` and the answer's own `id`. */
  readonly id: string;
  /** As the client named it, fault suffix included; null when the request named none. */
  readonly model: string | null;
  readonly stream: boolean;
  /** Whether the client was to be told of usage: `stream_options.include_usage`, and always in Anthropic's dialect. */
  readonly includeUsage: boolean;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  /** Prompt tokens written to the prompt cache; only in the dialect that tells of it, Anthropic's. */
  readonly cacheWriteTokens?: number;
  /** Tokens that went out (reasoning included), whatever the client was told. */
  readonly completionTokens: number;
  readonly reasoningTokens: number;
  readonly fault: FaultKind | null;
  /** Null when no status was sent. */
  readonly status: number | null;
  readonly outcome: Outcome;
  /** Whether there was an `Authorization`, `x-api-key` or `api-key` header; never what it held. */
  readonly authorization: boolean;
}

export interface ModelStats {
  readonly requests: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** Counts since the start or the last reset. */
export interface SimulatorStats {
  /** Requests for tokens that have ended. */
  readonly requests: number;
  /** Requests for tokens being answered now; a reset does not change it. */
  readonly inFlight: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly streams: {
    readonly started: number;
    readonly completed: number;
    readonly aborted: number;
    readonly failed: number;
  };
  readonly tokens: { readonly prompt: number; readonly completion: number };
  /** By the model's name as asked. */
  readonly byModel: Readonly<Record<string, ModelStats>>;
  /** The last requests that ended, oldest first. */
  readonly recent: readonly RequestRecord[];
}

const MAX_RECENT = 1_000;
const MAX_MODELS = 1_000;
/** Models beyond the bound are counted together. */
const OTHER_MODELS = '(other)';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Counters {
  requests: number;
  outcomes: Record<Outcome, number>;
  streams: Mutable<SimulatorStats['streams']>;
  tokens: Mutable<SimulatorStats['tokens']>;
  byModel: Map<string, Mutable<ModelStats>>;
  recent: RequestRecord[];
}

/** Collects what the simulator did. */
export class StatsCollector {
  #inFlight = 0;
  #counters = emptyCounters();

  /** A request begins. Its end is counted where its beginning was: a reset in between discards both. */
  begin(): RequestInFlight {
    this.#inFlight += 1;
    const counters = this.#counters;
    return {
      streamStarted: () => {
        counters.streams.started += 1;
      },
      end: record => {
        this.#inFlight -= 1;
        add(counters, record);
      },
    };
  }

  reset(): void {
    this.#counters = emptyCounters();
  }

  read(): SimulatorStats {
    const { requests, outcomes, streams, tokens, byModel, recent } =
      this.#counters;
    return {
      requests,
      inFlight: this.#inFlight,
      outcomes: { ...outcomes },
      streams: { ...streams },
      tokens: { ...tokens },
      byModel: Object.fromEntries(
        Array.from(byModel, ([model, counts]) => [model, { ...counts }]),
      ),
      recent: recent.slice(-MAX_RECENT),
    };
  }
}

export interface RequestInFlight {
  streamStarted(): void;
  /** Called exactly once. */
  end(record: RequestRecord): void;
}

function add(counters: Counters, record: RequestRecord): void {
  counters.requests += 1;
  counters.outcomes[record.outcome] += 1;
  if (record.stream && record.outcome !== 'refused')
    counters.streams[record.outcome] += 1;
  counters.tokens.prompt += record.promptTokens;
  counters.tokens.completion += record.completionTokens;

  if (record.model !== null) {
    const known =
      counters.byModel.has(record.model) || counters.byModel.size < MAX_MODELS;
    const name = known ? record.model : OTHER_MODELS;
    const model = counters.byModel.get(name) ?? {
      requests: 0,
      promptTokens: 0,
      completionTokens: 0,
    };
    model.requests += 1;
    model.promptTokens += record.promptTokens;
    model.completionTokens += record.completionTokens;
    counters.byModel.set(name, model);
  }

  counters.recent.push(record);
  // Trimmed in blocks: a shift at every request would move the whole array each time.
  if (counters.recent.length >= MAX_RECENT * 2)
    counters.recent.splice(0, counters.recent.length - MAX_RECENT);
}

function emptyCounters(): Counters {
  return {
    requests: 0,
    outcomes: { completed: 0, aborted: 0, refused: 0, failed: 0 },
    streams: { started: 0, completed: 0, aborted: 0, failed: 0 },
    tokens: { prompt: 0, completion: 0 },
    byModel: new Map(),
    recent: [],
  };
}
