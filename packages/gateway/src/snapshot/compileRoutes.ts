import {
  describeRoutingConflict,
  findRoutingConflicts,
  healthSettingsSchema,
  resolveModelName,
  retrySettingsSchema,
  routingStrategySchema,
  timeoutSettingsSchema,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { z } from 'zod';
import type { ConfigurationRows } from './ConfigurationRows';
import type { ModelRouting, ServedModel } from './Snapshot';

type RouteRow = ConfigurationRows['routes'][number];

const settingsSchema = z.object({
  retries: retrySettingsSchema,
  health: healthSettingsSchema,
  timeouts: timeoutSettingsSchema,
});

/** How a model is routed of which nobody has said how. */
export const DEFAULT_ROUTING: ModelRouting = Object.freeze({
  strategy: 'priority',
  fallbacks: [],
  ...settingsSchema.parse({ retries: {}, health: {}, timeouts: {} }),
});

/**
 * Compiles how models are routed, or says what is wrong.
 *
 * @param served - models that have a published deployment
 */
export function compileRoutes(
  rows: ConfigurationRows,
  served: ReadonlySet<string>,
):
  | { readonly ok: true; readonly routes: ReadonlyMap<string, ModelRouting> }
  | { readonly ok: false; readonly reason: string } {
  const models = new Set(rows.models.map(({ id }) => id));
  const { aliases } = rows;
  const [conflict] = findRoutingConflicts({
    models,
    served,
    aliases,
    routes: rows.routes,
  });
  if (conflict) return { ok: false, reason: describeRoutingConflict(conflict) };

  const targets = targetsOf(rows);
  const routes = new Map<string, ModelRouting>();
  for (const row of rows.routes) {
    const strategy = routingStrategySchema.safeParse(row.strategy);
    if (!strategy.success) {
      return no(
        row,
        `by the strategy '${row.strategy}', which this gateway does not know; run a newer one`,
      );
    }
    const settings = settingsSchema.safeParse(row);
    if (!settings.success) {
      const [{ path, message }] = settings.error.issues;
      return no(row, `with ${path.join('.')} that cannot be: ${message}`);
    }
    // The same model may be named twice, once by an alias.
    const fallbacks = new Set<string>();
    for (const name of row.fallbackModels) {
      const id = resolveModelName(name, models, targets);
      if (id !== undefined && served.has(id)) fallbacks.add(id);
    }
    routes.set(
      row.modelId,
      Object.freeze({
        strategy: strategy.data,
        fallbacks: [...fallbacks],
        ...settings.data,
      }),
    );
  }
  return { ok: true, routes };
}

/** Models by their aliases, of a configuration without conflicts. */
export function compileAliases(
  rows: ConfigurationRows,
  models: ReadonlyMap<string, ServedModel>,
): ReadonlyMap<string, ServedModel> {
  const targets = targetsOf(rows);
  const aliases = new Map<string, ServedModel>();
  for (const { alias } of rows.aliases) {
    const id = resolveModelName(alias, models, targets);
    const model = id === undefined ? undefined : models.get(id);
    if (model) aliases.set(alias, model);
  }
  return aliases;
}

function targetsOf(rows: ConfigurationRows): ReadonlyMap<string, string> {
  return new Map(rows.aliases.map(({ alias, target }) => [alias, target]));
}

function no(
  { modelId }: RouteRow,
  reason: string,
): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason: `the model '${modelId}' is routed ${reason}` };
}
