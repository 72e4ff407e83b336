import {
  startProviderSimulator,
  type ProviderSimulator,
} from '@ai-gateway/provider-simulator';
import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import OpenAI from 'openai';
import type { RunningGateway } from '../app';
import { startTestGateway } from './startTestGateway';
import { TestControlPlane, type TestKey } from './TestControlPlane';

/** What came of a request, whichever way it went. */
export interface Asked {
  readonly status: number;
  readonly headers: Headers;
  readonly completion: OpenAI.ChatCompletion | null;
  readonly error: AskedError | null;
}

/** The body of a refusal. */
export interface AskedError {
  readonly code: string;
  readonly message: string;
  readonly limits: readonly Record<string, unknown>[];
}

/** A provider, models `big` and `small`, and as many gateways as a test wants: what limits and budgets are tried on. */
export class AdmissionStage {
  readonly #running = new Set<RunningGateway>();

  private constructor(
    readonly plane: TestControlPlane,
    readonly simulator: ProviderSimulator,
  ) {}

  /** A million tokens of `big` cost 1,000 dollars in and 2,000 out; of `small`, a thousandth of that. `failing` fails. */
  static async create(knex: Knex): Promise<AdmissionStage> {
    const plane = await TestControlPlane.create(knex);
    const simulator = await startProviderSimulator();
    const providerId = await plane.addProvider(`${simulator.url}/v1`);
    await plane.addModel('big', {
      providerId,
      upstreamModel: 'sim-instant',
      price: { input: 1_000_000_000_000n, output: 2_000_000_000_000n },
    });
    await plane.addModel('small', {
      providerId,
      upstreamModel: 'sim-small',
    });
    await plane.addModel('failing', {
      providerId,
      upstreamModel: 'fault-status-503',
    });
    return new AdmissionStage(plane, simulator);
  }

  async close(): Promise<void> {
    for (const gateway of this.#running) await gateway.close();
    await this.simulator.close();
  }

  async start(
    options: {
      redisUrl?: string;
      spoolDirectory?: string;
      databasePort?: number;
    } = {},
  ): Promise<RunningGateway & { spoolDirectory: string }> {
    const { redisUrl, ...rest } = options;
    const data: JsonObject = redisUrl
      ? { aiGateway: { gateway: { redis: { url: redisUrl } } } }
      : {};
    const gateway = await startTestGateway({
      ...rest,
      knex: this.plane.knex,
      data,
    });
    this.#running.add(gateway);
    return gateway;
  }

  async stop(gateway: RunningGateway): Promise<void> {
    this.#running.delete(gateway);
    await gateway.close();
  }

  client(gateway: RunningGateway, key: TestKey): OpenAI {
    return new OpenAI({
      baseURL: `${gateway.url}/v1`,
      apiKey: key.apiKey,
      maxRetries: 0,
    });
  }

  /** One completion of ten tokens, unless it is asked otherwise. */
  async ask(
    gateway: RunningGateway,
    key: TestKey,
    more: Partial<OpenAI.ChatCompletionCreateParamsNonStreaming> = {},
  ): Promise<Asked> {
    try {
      const { data, response } = await this.client(gateway, key)
        .chat.completions.create({
          model: 'big',
          max_tokens: 10,
          messages: [{ role: 'user', content: 'Hi' }],
          ...more,
        })
        .withResponse();
      const { status, headers } = response;
      return { status, headers, completion: data, error: null };
    } catch (error) {
      if (!(error instanceof OpenAI.APIError)) throw error;
      return {
        status: error.status,
        headers: error.headers,
        completion: null,
        error: error.error as AskedError,
      };
    }
  }

  /** What the ledger says was spent, in nano-dollars. */
  async spent(): Promise<bigint> {
    const events = await this.plane.events();
    return events.reduce((sum, e) => sum + BigInt(e.cost_nano_usd), 0n);
  }
}
