import type { Subject } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { ApiKeyRecord } from '../database/apiKeys/ApiKeyStore';
import type { PolicyRecord } from '../database/policies/PolicyStore';
import type { Stores } from '../database/Stores';
import type { SubjectFilter } from '../permissions/resources';
import type { Scope } from '../permissions/Scope';
import type { BudgetService, NoticedBudget } from './BudgetService';
import type { LimitService, StandingLimit } from './LimitService';

/** What a reader may see; `undefined`: nothing of it. */
export interface ApiKeyLimitsScopes {
  readonly limits: Scope<SubjectFilter> | undefined;
  readonly budgets: Scope<SubjectFilter> | undefined;
  readonly policies: Scope<SubjectFilter> | undefined;
}

/** All that holds for a key, the narrowest level first. */
export interface HoldingForApiKey {
  readonly limits: readonly StandingLimit[];
  readonly budgets: readonly NoticedBudget[];
  readonly policies: readonly PolicyRecord[];
}

interface ApiKeyLimitsServiceOptions {
  readonly stores: Stores;
  readonly limits: LimitService;
  readonly budgets: BudgetService;
}

/** What holds for the requests of a key, on every level. */
export class ApiKeyLimitsService {
  readonly #options: ApiKeyLimitsServiceOptions;

  static create(options: ApiKeyLimitsServiceOptions): ApiKeyLimitsService {
    return new ApiKeyLimitsService(options);
  }

  private constructor(options: ApiKeyLimitsServiceOptions) {
    this.#options = options;
  }

  async of(
    apiKey: ApiKeyRecord,
    scopes: ApiKeyLimitsScopes,
  ): Promise<HoldingForApiKey> {
    const { stores, limits, budgets } = this.#options;
    const levels = await stores.subjects.levelsOf(apiKey);
    const within = async <T>(
      scope: Scope<SubjectFilter> | undefined,
      read: (subjects: readonly Subject[]) => Promise<T[]>,
    ): Promise<T[]> =>
      scope ? read(await stores.subjects.within(scope, levels)) : [];
    const [ofLimits, ofBudgets, ofPolicies] = await Promise.all([
      within(scopes.limits, subjects => stores.limits.of(subjects)),
      within(scopes.budgets, subjects => stores.budgets.of(subjects)),
      within(scopes.policies, subjects => stores.policies.of(subjects)),
    ]);
    return {
      limits: (await limits.standing(ofLimits)).reverse(),
      budgets: (await budgets.standing(ofBudgets)).reverse(),
      policies: ofPolicies.reverse(),
    };
  }
}
