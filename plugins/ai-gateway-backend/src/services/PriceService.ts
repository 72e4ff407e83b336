import { NotFoundError } from '@backstage/errors';
import {
  nanoToUsd,
  usdToNano,
  type CreatePrice,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { PriceRates } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { changesOf } from '../database/changesOf';
import type { PricePeriod } from '../database/prices/PriceStore';
import type { Stores } from '../database/Stores';
import type { Writes } from '../database/Writes';
import { FieldConflictError, ValidationError } from '../errors';
import type { Actor } from '../http/Caller';

/** How far in the past a start may lie and still mean now: clocks differ, and forms take a moment to fill in. */
const TOLERANCE_MS = 60_000;
const FARTHEST_YEARS = 5;

interface PriceServiceOptions {
  readonly stores: Stores;
  readonly writes: Writes;
  readonly newId: () => string;
}

/** Effective-dated prices of deployments. */
export class PriceService {
  readonly #options: PriceServiceOptions;

  static create(options: PriceServiceOptions): PriceService {
    return new PriceService(options);
  }

  private constructor(options: PriceServiceOptions) {
    this.#options = options;
  }

  /** Newest start first. @throws NotFoundError when there is no such deployment */
  async list(deploymentId: string): Promise<PricePeriod[]> {
    const { stores } = this.#options;
    if (!(await stores.deployments.get(deploymentId))) {
      throw unknownDeployment(deploymentId);
    }
    return stores.prices.list(deploymentId);
  }

  /**
   * @throws NotFoundError when there is no such deployment
   * @throws ValidationError when the start is in the past, or absurdly far ahead
   * @throws FieldConflictError when another price starts at the same moment
   */
  async create(
    actor: Actor,
    deploymentId: string,
    input: CreatePrice,
  ): Promise<PricePeriod> {
    const id = this.#options.newId();
    const rates = ratesOf(input.amounts);
    return this.#options.writes.run(actor, async write => {
      const { stores, stamp } = write;
      const deployment = await stores.deployments.get(deploymentId);
      if (!deployment) throw unknownDeployment(deploymentId);
      const effectiveFrom = startOf(input.effectiveFrom, stamp.at);
      const inserted = await stores.prices.insert({
        id,
        deploymentId,
        effectiveFrom,
        rates,
        note: input.note === '' ? null : input.note,
        createdAt: stamp.at,
        createdBy: stamp.by,
      });
      const all = await stores.prices.list(deploymentId);
      if (!inserted) {
        const other = all.find(
          price => price.effectiveFrom.getTime() === effectiveFrom.getTime(),
        );
        throw new FieldConflictError(
          'effectiveFrom',
          `Another price starts at ${effectiveFrom.toISOString()}${other ? `: ${nanoToUsd(other.rates.input)} in, ${nanoToUsd(other.rates.output)} out, set by ${other.createdBy}` : ''}. Choose another start.`,
        );
      }
      await write.revision();
      await write.audit({
        action: 'price.create',
        resourceKind: 'price',
        resourceId: id,
        changes: changesOf(undefined, {
          deploymentId,
          modelId: deployment.modelId,
          effectiveFrom,
          amounts: input.amounts,
          note: input.note,
        }),
      });
      write.modelsChanged([deployment.modelId]);
      const created = all.find(price => price.id === id);
      if (!created) throw new NotFoundError(`There is no price ${id}`);
      return created;
    });
  }
}

function startOf(entered: string | null, now: Date): Date {
  if (entered === null) return now;
  const start = new Date(entered);
  if (start.getTime() < now.getTime() - TOLERANCE_MS) {
    throw ValidationError.of(
      'effectiveFrom',
      'A price cannot start in the past: what was used until now is billed. Leave the start out to begin at once.',
    );
  }
  const farthest = new Date(now);
  farthest.setUTCFullYear(farthest.getUTCFullYear() + FARTHEST_YEARS);
  if (start > farthest) {
    throw ValidationError.of(
      'effectiveFrom',
      `A price can start at most ${FARTHEST_YEARS} years ahead`,
    );
  }
  return start > now ? start : now;
}

function ratesOf(amounts: CreatePrice['amounts']): PriceRates {
  const optional = (usd: string | null) =>
    usd === null ? null : usdToNano(usd);
  return {
    input: usdToNano(amounts.input),
    output: usdToNano(amounts.output),
    cachedInput: optional(amounts.cachedInput),
    cacheWrite: optional(amounts.cacheWrite),
    reasoning: optional(amounts.reasoning),
    audio: optional(amounts.audio),
    image: optional(amounts.image),
    perRequest: optional(amounts.perRequest),
  };
}

function unknownDeployment(id: string): NotFoundError {
  return new NotFoundError(`There is no deployment ${id}`);
}
