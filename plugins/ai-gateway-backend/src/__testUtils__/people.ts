import { mockCredentials } from '@backstage/backend-test-utils';

/** Who calls in tests, by the header that they send. */
export const people = {
  anonymous: mockCredentials.none.header(),
  /** An engineer of the team that owns the project `checkout`. */
  alice: mockCredentials.user.header('user:default/alice'),
  /** Another engineer of Alice's team. */
  carol: mockCredentials.user.header('user:default/carol'),
  /** An engineer of another team, which owns the project `search`. */
  bob: mockCredentials.user.header('user:default/bob'),
  /** A platform admin. */
  admin: mockCredentials.user.header('user:default/root'),
  /** A machine with a token of its own. */
  service: mockCredentials.service.header({
    onBehalfOf: mockCredentials.service('external:seed'),
    targetPluginId: 'ai-gateway',
  }),
} as const;

/** Names of those who call in tests. */
export type Person = keyof typeof people;

/** The group whose members are platform admins, in tests. */
export const ADMINS = 'group:default/platform';

const GROUPS: Readonly<Record<string, string>> = {
  'user:default/alice': 'group:default/payments',
  'user:default/carol': 'group:default/payments',
  'user:default/bob': 'group:default/search',
  'user:default/root': ADMINS,
};

/** A user and the groups of that user. */
export function ownershipRefsOf(userRef: string): string[] {
  const group = GROUPS[userRef];
  return group ? [userRef, group] : [userRef];
}
