import type {
  ModelRouting,
  RoutingTable,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { Stamp } from '../Stamp';

/** What may change of how a model is routed. */
export type RoutingFields = Readonly<
  Pick<
    ModelRouting,
    'strategy' | 'fallbackModels' | 'retries' | 'health' | 'timeouts'
  >
>;

/** How a model is routed, as it is kept. */
export interface RoutingRecord extends RoutingFields {
  readonly modelId: string;
  readonly version: number;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

/** How models are routed. */
export interface RoutingStore {
  /** `undefined` when nobody has said. */
  get(modelId: string): Promise<RoutingRecord | undefined>;
  put(modelId: string, fields: RoutingFields, stamp: Stamp): Promise<void>;
  /** All that requests can be routed by. */
  table(): Promise<RoutingTable>;
}
