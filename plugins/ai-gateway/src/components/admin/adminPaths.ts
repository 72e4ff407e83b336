import { useRouteRef } from '@backstage/core-plugin-api';
import { useMemo } from 'react';
import { adminRouteRef } from '../../routes';

/** What the panel of a model's page shows. */
export const MODEL_PANELS = [
  'edit',
  'add-deployment',
  'edit-deployment',
  'set-price',
] as const;

/** {@inheritDoc MODEL_PANELS} */
export type ModelPanel = (typeof MODEL_PANELS)[number];

/** Links within Admin. */
export interface AdminPaths {
  providers(panel?: 'new' | (string & {})): string;
  models(panel?: 'new'): string;
  model(
    modelId: string,
    panel?: { panel: ModelPanel; deployment?: string },
  ): string;
  prices(): string;
  priceHistory(deploymentId: string): string;
  gateways(): string;
}

/** Links within Admin, wherever the plugin is mounted. */
export function useAdminPaths(): AdminPaths {
  const root = useRouteRef(adminRouteRef)();
  return useMemo(() => adminPaths(root), [root]);
}

/** @param root - where Admin is */
export function adminPaths(root: string): AdminPaths {
  const below = (path: string, query: Record<string, string | undefined>) => {
    const given = Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    );
    const search = new URLSearchParams(given).toString();
    return `${root}/${path}${search && `?${search}`}`;
  };
  return {
    providers: panel => below('providers', { provider: panel }),
    models: panel => below('models', { model: panel }),
    model: (modelId, panel = undefined) =>
      below(`models/${encodeURIComponent(modelId)}`, { ...panel }),
    prices: () => below('prices', {}),
    priceHistory: deploymentId => below(`prices/${deploymentId}`, {}),
    gateways: () => below('gateways', {}),
  };
}
