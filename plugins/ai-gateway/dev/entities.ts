import type { Entity } from '@backstage/catalog-model';

const group = (name: string, title: string): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Group',
  metadata: { name, namespace: 'default', title },
  spec: { type: 'team', children: [], profile: { displayName: title } },
});

const component = (name: string, title: string, owner: string): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name, namespace: 'default', title },
  spec: { type: 'service', lifecycle: 'production', owner },
  relations: [{ type: 'ownedBy', targetRef: owner }],
});

/** What the development app's catalog holds. */
export const entities: Entity[] = [
  group('platform', 'Platform'),
  group('payments', 'Payments'),
  group('ml-infrastructure', 'ML infrastructure'),
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'User',
    metadata: { name: 'bo', namespace: 'default' },
    spec: { profile: { displayName: 'Bo Lindqvist' }, memberOf: ['payments'] },
  },
  component('payments-api', 'Payments API', 'group:default/payments'),
  component('checkout', 'Checkout', 'group:default/payments'),
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: {
      name: 'gpt-5.2',
      namespace: 'default',
      title: 'GPT-5.2',
      annotations: { 'ai-gateway.dev/model-id': 'gpt-5.2' },
    },
    spec: { type: 'ai-model', owner: 'group:default/platform' },
    relations: [{ type: 'ownedBy', targetRef: 'group:default/platform' }],
  },
];
