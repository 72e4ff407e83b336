import {
  startProviderSimulator,
  type ProviderSimulator,
} from '@ai-gateway/provider-simulator';
import type { Knex } from 'knex';
import type { RunningGateway } from '../app';
import { eventually } from './eventually';
import { startTestGateway } from './startTestGateway';
import {
  TestControlPlane,
  type LedgerRow,
  type TestKey,
} from './TestControlPlane';

/** The kinds of providers, by the name of the model that is there. */
export const ON = {
  openai: 'on-openai',
  vllm: 'on-vllm',
  azure: 'on-azure',
  azureV1: 'on-azure-v1',
  anthropic: 'on-anthropic',
} as const;

export const MODELS: readonly string[] = Object.values(ON);

/** A picture that is one dot. */
export const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

/** A gateway in front of one provider of each kind, all of which are the simulator. */
export class ProvidersStage {
  private constructor(
    readonly plane: TestControlPlane,
    readonly simulator: ProviderSimulator,
    readonly gateway: RunningGateway,
    readonly key: TestKey,
  ) {}

  static async create(
    knex: Knex,
    more: (stage: {
      plane: TestControlPlane;
      simulator: ProviderSimulator;
    }) => Promise<void> = async () => undefined,
  ): Promise<ProvidersStage> {
    const plane = await TestControlPlane.create(knex);
    const simulator = await startProviderSimulator({ apiKey: 'sim-secret' });
    const secretRef = 'env://SIM_API_KEY';
    for (const [id, kind, baseUrl, settings] of [
      [ON.openai, 'openai', `${simulator.url}/v1`, { thinking: 'adaptive' }],
      [ON.vllm, 'vllm', `${simulator.url}/v1`, { thinking: 'adaptive' }],
      [
        ON.azure,
        'azure-openai',
        simulator.url,
        { apiVersion: '2024-10-21', thinking: 'adaptive' },
      ],
      [
        ON.azureV1,
        'azure-openai',
        `${simulator.url}/openai/v1`,
        { thinking: 'adaptive' },
      ],
      [ON.anthropic, 'anthropic', simulator.url, {}],
    ] as const) {
      const options = { kind, secretRef, settings };
      await plane.addModel(id, {
        providerId: await plane.addProvider(baseUrl, options),
        upstreamModel: 'sim-instant',
      });
    }
    await more({ plane, simulator });
    const key = await plane.addKey();
    const gateway = await startTestGateway({
      knex,
      env: { SIM_API_KEY: 'sim-secret' },
    });
    return new ProvidersStage(plane, simulator, gateway, key);
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await this.simulator.close();
  }

  /** What is booked of a request; it comes a moment after its answer. */
  async booked(requestId: string): Promise<LedgerRow> {
    return eventually(async () =>
      (await this.plane.events()).find(row => row.request_id === requestId),
    );
  }
}
