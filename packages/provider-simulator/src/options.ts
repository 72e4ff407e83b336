import type { SimulatedModel } from './models';

/** How a simulator is set up. Everything has a default. */
export interface SimulatorOptions {
  /** TCP port on 127.0.0.1; 0, the default, takes any free one. */
  readonly port?: number;
  /**
   * Requests must carry it in the dialect's own header: `Authorization: Bearer`, `x-api-key`, `api-key`. Without
   * it, and without `azureToken`, every request is let in.
   */
  readonly apiKey?: string;
  /** A managed identity's token, accepted as `Authorization: Bearer` under the Azure URLs, beside `apiKey`. */
  readonly azureToken?: string;
  /** Milliseconds to the first token, for every model, whatever its personality. */
  readonly firstTokenMs?: number;
  /** Tokens per second after the first, for every model, whatever its personality. `Infinity`: no pace. */
  readonly tokensPerSecond?: number;
  /** Tokens per streamed chunk. Default 1. */
  readonly tokensPerChunk?: number;
  /** The models listed, instead of the built-in ones. */
  readonly models?: readonly SimulatedModel[];
  /**
   * Whether a model that is not listed is answered (without delay), the default, or refused with 404 as a
   * provider does. Names that ask for a fault are always answered.
   */
  readonly unlistedModels?: 'answer' | 'refuse';
}
