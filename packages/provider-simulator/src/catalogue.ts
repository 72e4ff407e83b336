import type { Pace } from './delivery/steps';
import { DEFAULT_MODELS, unlistedModel, type SimulatedModel } from './models';
import type { SimulatorOptions } from './options';

/** The models there are and how fast each answers. */
export class Catalogue {
  readonly #options: SimulatorOptions;
  readonly #models: ReadonlyMap<string, SimulatedModel>;

  constructor(options: SimulatorOptions) {
    this.#options = options;
    this.#models = new Map(
      (options.models ?? DEFAULT_MODELS).map(model => [model.id, model]),
    );
  }

  get listed(): readonly SimulatedModel[] {
    return [...this.#models.values()];
  }

  isListed(id: string): boolean {
    return this.#models.has(id);
  }

  /** The model that answers to this name, or undefined when it is to be refused. */
  find(id: string): SimulatedModel | undefined {
    const listed = this.#models.get(id);
    if (listed) return listed;
    return this.#options.unlistedModels === 'refuse' && !id.startsWith('fault-')
      ? undefined
      : unlistedModel(id);
  }

  /** A request's own wish comes before the simulator's setting, and that before the model's personality. */
  paceOf(model: SimulatedModel, wish: Partial<Pace>): Pace {
    return {
      firstTokenMs:
        wish.firstTokenMs ?? this.#options.firstTokenMs ?? model.firstTokenMs,
      tokensPerSecond:
        wish.tokensPerSecond ??
        this.#options.tokensPerSecond ??
        model.tokensPerSecond,
    };
  }

  get tokensPerChunk(): number {
    return this.#options.tokensPerChunk ?? 1;
  }
}
