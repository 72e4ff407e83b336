import type { Entity } from '@backstage/catalog-model';

function entity(
  kind: string,
  name: string,
  spec: Record<string, string>,
  ownerRef?: string,
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { name, namespace: 'default' },
    spec,
    relations: ownerRef ? [{ type: 'ownedBy', targetRef: ownerRef }] : [],
  };
}

/** The catalog of tests: three groups, two of their people, and an app of each of two teams. */
export const catalogEntities: Entity[] = [
  ...['payments', 'search', 'platform'].map(name =>
    entity('Group', name, { type: 'team' }),
  ),
  entity('User', 'alice', {}),
  entity('User', 'bob', {}),
  entity(
    'Component',
    'checkout-web',
    { type: 'service', lifecycle: 'production', owner: 'payments' },
    'group:default/payments',
  ),
  entity(
    'Component',
    'search-api',
    { type: 'service', lifecycle: 'production', owner: 'search' },
    'group:default/search',
  ),
];
