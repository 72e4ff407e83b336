import type { EffectivePrice } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import {
  compileAliases,
  compileRoutes,
  DEFAULT_ROUTING,
} from './compileRoutes';
import { providerKindOf } from '../providers/registry';
import { providerSettingsSchema } from '../providers/settings';
import type { ConfigurationRows } from './ConfigurationRows';
import { readOnClientAbort } from './onClientAbort';
import type { Deployment, Provider, ServedModel, Snapshot } from './Snapshot';

export type CompiledSnapshot =
  | { readonly ok: true; readonly snapshot: Snapshot }
  /** What is wrong and where, for an operator. */
  | { readonly ok: false; readonly reason: string };

/**
 * Compiles a configuration whole, or refuses it whole: half a configuration is never served.
 *
 * @param rows - published deployments of enabled providers, and what they refer to
 */
export function compileSnapshot(rows: ConfigurationRows): CompiledSnapshot {
  const providers = new Map<string, Provider>();
  for (const row of rows.providers) {
    const kind = providerKindOf(row.kind);
    if (!kind) {
      return no(
        `provider '${row.name}' is of kind '${row.kind}', which this gateway does not know; run a newer one`,
      );
    }
    if (!URL.canParse(row.baseUrl)) {
      return no(`provider '${row.name}' has a base URL that is none`);
    }
    const onClientAbort = readOnClientAbort(row.kind, row.settings);
    if (!onClientAbort) {
      return no(
        `provider '${row.name}' has a setting onClientAbort that is neither drain nor abort`,
      );
    }
    const settings = providerSettingsSchema.safeParse(row.settings);
    if (!settings.success) {
      const { path, message } = settings.error.issues[0];
      return no(
        `provider '${row.name}' has a setting '${path.join('.')}' that makes no sense: ${message}`,
      );
    }
    const { id, name, baseUrl, secretRef } = row;
    const { origin } = new URL(baseUrl);
    providers.set(
      id,
      Object.freeze({
        id,
        name,
        kind,
        baseUrl,
        origin,
        secretRef,
        onClientAbort,
        settings: settings.data,
      }),
    );
  }

  const prices = pricesByDeployment(rows);
  const deployments = new Map<string, Deployment[]>();
  for (const row of rows.deployments) {
    const provider = providers.get(row.providerId);
    if (!provider) {
      return no(
        `a deployment of '${row.modelId}' is at a provider that is not there`,
      );
    }
    const settings = providerSettingsSchema.safeParse({
      ...provider.settings,
      ...row.settings,
    });
    if (!settings.success) {
      const { path, message } = settings.error.issues[0];
      return no(
        `a deployment of '${row.modelId}' has a setting '${path.join('.')}' that makes no sense: ${message}`,
      );
    }
    const deployment = Object.freeze({
      id: row.id,
      modelId: row.modelId,
      upstreamModel: row.upstreamModel,
      weight: row.weight,
      priority: row.priority,
      provider,
      settings: settings.data,
      prices: prices.get(row.id) ?? [],
    });
    const siblings = deployments.get(row.modelId);
    if (siblings) siblings.push(deployment);
    else deployments.set(row.modelId, [deployment]);
  }

  const routes = compileRoutes(rows, new Set(deployments.keys()));
  if (!routes.ok) return routes;

  const models = new Map<string, ServedModel>();
  for (const { id, ownerRef, createdAt } of rows.models) {
    const own = deployments.get(id);
    if (!own) continue;
    own.sort((a, b) => a.priority - b.priority || (a.id < b.id ? -1 : 1));
    models.set(
      id,
      Object.freeze({
        id,
        ownerRef,
        createdAt,
        deployments: own,
        routing: routes.routes.get(id) ?? DEFAULT_ROUTING,
      }),
    );
  }

  return {
    ok: true,
    snapshot: Object.freeze({
      revision: rows.revision,
      models,
      aliases: compileAliases(rows, models),
      businessUnits: new Map(
        rows.projects.map(project => [project.id, project.businessUnit]),
      ),
    }),
  };
}

function pricesByDeployment(
  rows: ConfigurationRows,
): Map<string, EffectivePrice[]> {
  const amount = (text: string | null) => (text === null ? null : BigInt(text));
  const prices = new Map<string, EffectivePrice[]>();
  for (const row of rows.prices) {
    const price: EffectivePrice = Object.freeze({
      id: row.id,
      effectiveFrom: row.effectiveFrom,
      rates: Object.freeze({
        input: BigInt(row.input),
        output: BigInt(row.output),
        cachedInput: amount(row.cachedInput),
        cacheWrite: amount(row.cacheWrite),
        reasoning: amount(row.reasoning),
        audio: amount(row.audio),
        image: amount(row.image),
        perRequest: amount(row.perRequest),
      }),
    });
    const siblings = prices.get(row.deploymentId);
    if (siblings) siblings.push(price);
    else prices.set(row.deploymentId, [price]);
  }
  for (const own of prices.values()) {
    own.sort((a, b) => a.effectiveFrom - b.effectiveFrom);
  }
  return prices;
}

function no(reason: string): CompiledSnapshot {
  return { ok: false, reason };
}
