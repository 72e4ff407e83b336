import type { Knex } from 'knex';
import type { RunningGateway } from '../app';
import type { GatewaySettings } from '../config/GatewaySettings';
import { eventually } from './eventually';
import {
  answerOf,
  ScriptedUpstream,
  streamOf,
  type Script,
} from './ScriptedUpstream';
import { startTestGateway } from './startTestGateway';
import {
  DONE,
  event,
  OPENAI_FINISH,
  OPENAI_REPORT,
  OPENAI_USAGE,
  openAiDelta,
} from './streamEvents';
import {
  TestControlPlane,
  type LedgerRow,
  type TestKey,
} from './TestControlPlane';

/** A stream that is sound, event by event. */
export const EVENTS = [
  ': processing\n\n',
  openAiDelta({ role: 'assistant', content: '' }),
  openAiDelta({ content: 'Hello' }),
  openAiDelta({ content: ' wörld' }),
  OPENAI_FINISH,
  OPENAI_REPORT,
  DONE,
];
export const STREAM = streamOf(EVENTS);
/** The same, not streamed. */
export const WHOLE = answerOf(
  200,
  JSON.stringify({
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'Hello wörld' },
        finish_reason: 'stop',
      },
    ],
    usage: OPENAI_USAGE,
  }),
);
/** An error within a stream. */
export const ERROR = event({
  error: { message: 'overloaded', type: 'server_error' },
});

/** What is booked for an attempt that came to nothing. */
export const UNBILLED = {
  outcome: 'upstream_error',
  usage_source: 'none',
  cost_nano_usd: '0',
};
/** And for one that brought {@link STREAM} or {@link WHOLE}. */
export const BILLED = {
  outcome: 'complete',
  usage_source: 'reported',
  input_tokens: '7',
  output_tokens: '3',
  cost_nano_usd: '13000',
};

/** Deployments are never left alone: what each attempt comes to is what counts. */
export const PATIENT = { failures: 100, failurePercent: 100, probe: false };

export const play = (...pieces: Script['pieces']): Script => ({
  pieces,
  then: 'end',
});
/** The first bytes of it, and then the connection is closed. */
export const cut = (whole: Buffer, bytes: number) =>
  play(whole.subarray(0, bytes));

/** What a client got. */
export interface Answer {
  readonly requestId: string;
  readonly status: number;
  readonly headers: Headers;
  /** With the mark of an order of bytes, which a decoder would take away. */
  readonly text: string;
  readonly tookMs: number;
}

type Routing = Parameters<TestControlPlane['setRouting']>[1];

/** A gateway between a client and an upstream that does what it is told. */
export class ScriptedStage {
  /** What is done for a model upstream; all others are sound. */
  readonly scripts = new Map<string, (request: number) => Script>();
  readonly plane: TestControlPlane;
  readonly upstream: ScriptedUpstream;
  /** Of the upstream, as one that speaks OpenAI's dialect. */
  readonly providerId: string;
  readonly key: TestKey;
  readonly gateway: RunningGateway;
  #requests = 0;

  static async create(
    knex: Knex,
    settings: Partial<GatewaySettings> = {},
  ): Promise<ScriptedStage> {
    const plane = await TestControlPlane.create(knex);
    const scripts: ScriptedStage['scripts'] = new Map();
    const upstream = await ScriptedUpstream.start(
      (model, request) =>
        scripts.get(model)?.(request) ??
        (model.endsWith('whole') ? play(WHOLE) : play(...STREAM)),
    );
    const providerId = await plane.addProvider(upstream.url);
    const key = await plane.addKey();
    const gateway = await startTestGateway({ knex, settings });
    const stage = new ScriptedStage({
      scripts,
      plane,
      upstream,
      providerId,
      key,
      gateway,
    });
    await stage.addModel('sound', ['sound']);
    return stage;
  }

  private constructor(parts: {
    scripts: ScriptedStage['scripts'];
    plane: TestControlPlane;
    upstream: ScriptedUpstream;
    providerId: string;
    key: TestKey;
    gateway: RunningGateway;
  }) {
    this.scripts = parts.scripts;
    this.plane = parts.plane;
    this.upstream = parts.upstream;
    this.providerId = parts.providerId;
    this.key = parts.key;
    this.gateway = parts.gateway;
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await this.upstream.close();
  }

  /** A model whose deployments are tried in this order, each an upstream model of this name. */
  async addModel(
    id: string,
    upstreamModels: readonly string[],
    routing: Routing = {},
    providerId: string = this.providerId,
  ): Promise<void> {
    const { plane, gateway, key } = this;
    const [first, ...others] = upstreamModels;
    await plane.addModel(id, { providerId, upstreamModel: first });
    for (const [n, upstreamModel] of others.entries()) {
      await plane.addDeployment(id, {
        providerId,
        upstreamModel,
        priority: n + 1,
      });
    }
    await plane.setRouting(id, { health: PATIENT, ...routing });
    await eventually(async () => {
      const response = await fetch(`${gateway.url}/v1/models/${id}`, {
        headers: { authorization: `Bearer ${key.apiKey}` },
      });
      return response.ok;
    });
    // Until the routing is there too.
    const { revision } = await plane.knex('config_revision').first();
    await eventually(async () => {
      const replica = await plane.knex('gateway_replicas').first();
      return replica?.applied_revision === revision;
    });
  }

  async ask(
    model: string,
    options: {
      readonly stream?: boolean;
      readonly key?: TestKey;
      readonly path?: string;
      readonly maxTokens?: number;
    } = {},
  ): Promise<Answer> {
    this.#requests += 1;
    const requestId = `request-${this.#requests}`;
    const began = performance.now();
    const response = await fetch(
      this.gateway.url + (options.path ?? '/v1/chat/completions'),
      {
        method: 'POST',
        headers: {
          authorization: `Bearer ${(options.key ?? this.key).apiKey}`,
          'content-type': 'application/json',
          'x-request-id': requestId,
        },
        body: JSON.stringify({
          model,
          stream: options.stream ?? true,
          max_tokens: options.maxTokens,
          messages: [{ role: 'user', content: 'Hello' }],
        }),
      },
    );
    const text = Buffer.from(await response.arrayBuffer()).toString();
    return {
      requestId,
      status: response.status,
      headers: response.headers,
      text,
      tookMs: performance.now() - began,
    };
  }

  /** Asks for a model whose upstream of the same name does this. */
  askPlaying(
    model: string,
    script: Script,
    options: { readonly path?: string; readonly stream?: boolean } = {},
  ): Promise<Answer> {
    this.scripts.set(model, () => script);
    return this.ask(model, { maxTokens: 100, ...options });
  }

  /** What was booked for requests, once all of it has been: their last attempts are the last to be. */
  async booked(
    requestIds: readonly string[],
  ): Promise<Map<string, LedgerRow[]>> {
    const marker = await this.ask('sound');
    return eventually(async () => {
      const rows = await this.plane.events();
      if (!rows.some(row => row.request_id === marker.requestId)) {
        return undefined;
      }
      return new Map(
        requestIds.map(id => [id, rows.filter(row => row.request_id === id)]),
      );
    });
  }

  async attemptsOf({
    requestId,
  }: Pick<Answer, 'requestId'>): Promise<readonly LedgerRow[]> {
    return (await this.booked([requestId])).get(requestId) ?? [];
  }
}
