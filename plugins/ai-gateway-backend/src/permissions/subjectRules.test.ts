import {
  endpoints,
  type Subject,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { PermissionCriteria } from '@backstage/plugin-permission-common';
import { seedModel, seedProject } from '../__testUtils__/seed';
import { TestControlPlane } from '../__testUtils__/TestControlPlane';
import { createStores } from '../database/Stores';
import type { SubjectFilter, SubjectResource } from './resources';
import {
  isOwnSubject,
  isSubjectAboveMemberProject,
  isSubjectOfMemberProject,
} from './rules';

const PAYMENTS = ['group:default/payments'];
const BOTH = ['group:default/payments', 'group:default/search'];

type Criteria = PermissionCriteria<SubjectFilter>;

/** One condition: as a query, and as it applies to one subject. */
const leaves: Array<[Criteria, (resource: SubjectResource) => boolean]> = [
  ...['user:default/alice', 'user:default/bob', 'user:default/nobody'].map(
    userRef =>
      [
        isOwnSubject.toQuery({ userRef }),
        (resource: SubjectResource) =>
          isOwnSubject.apply(resource, { userRef }),
      ] satisfies (typeof leaves)[number],
  ),
  ...[[], PAYMENTS, BOTH].flatMap(ownerRefs =>
    [isSubjectOfMemberProject, isSubjectAboveMemberProject].map(
      rule =>
        [
          rule.toQuery({ ownerRefs }),
          (resource: SubjectResource) => rule.apply(resource, { ownerRefs }),
        ] satisfies (typeof leaves)[number],
    ),
  ),
];

describe('rules of subjects', () => {
  it('find with a query exactly the subjects that they allow one by one', async () => {
    const plane = await TestControlPlane.start();
    await seedProject(plane, 'checkout', 'payments');
    await seedProject(plane, 'ranking', 'search');
    await seedModel(plane, 'small');
    const key = async (
      person: 'alice' | 'bob' | 'admin',
      projectId: string,
      owner: object,
    ): Promise<Subject> => {
      const { apiKey } = await plane.ok(person, endpoints.createApiKey, {
        body: { label: 'x', projectId, owner: { kind: 'user', ...owner } },
      });
      return { kind: 'key', id: apiKey.id };
    };
    const app = { kind: 'app', ref: 'component:default/checkout-web' };
    const subjects: Subject[] = [
      await key('alice', 'checkout', {}),
      await key('bob', 'ranking', {}),
      await key('alice', 'checkout', app),
      await key('admin', 'ranking', { kind: 'project' }),
      { kind: 'user', id: 'user:default/alice' },
      { kind: 'user', id: 'user:default/bob' },
      { kind: 'app', id: 'component:default/checkout-web' },
      { kind: 'app', id: 'component:default/search-api' },
      { kind: 'subscription', id: 'checkout/small' },
      { kind: 'subscription', id: 'ranking/small' },
      { kind: 'project', id: 'checkout' },
      { kind: 'project', id: 'ranking' },
      { kind: 'business-unit', id: 'Unit of payments' },
      { kind: 'business-unit', id: 'Unit of nobody' },
      { kind: 'organisation', id: 'default' },
    ];
    const { subjects: store } = createStores(plane.db);
    const resources = await Promise.all(
      subjects.map(subject => store.resource(subject)),
    );

    for (const [filter, applies] of leaves) {
      for (const negated of [false, true]) {
        const criteria: Criteria = negated ? { not: filter } : filter;
        const found = await store.within({ kind: 'where', criteria }, subjects);
        expect({ filter, negated, found }).toEqual({
          filter,
          negated,
          found: subjects.filter((_, index) => {
            const resource = resources[index];
            return resource && applies(resource) !== negated;
          }),
        });
      }
    }
  });

  it('know nothing of what does not exist', async () => {
    const plane = await TestControlPlane.start();
    const { subjects } = createStores(plane.db);
    expect(await subjects.resource({ kind: 'project', id: 'gone' })).toBe(
      undefined,
    );
    expect(await subjects.resource({ kind: 'key', id: 'zzzzzzzzzzzz' })).toBe(
      undefined,
    );
  });
});
