import type { PermissionCriteria } from '@backstage/plugin-permission-common';
import { createStores } from '../database/Stores';
import { seedProject } from '../__testUtils__/seed';
import { TestControlPlane } from '../__testUtils__/TestControlPlane';
import { endpoints } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { ApiKeyFilter, ApiKeyResource } from './resources';
import { isKeyOfMemberProject, isKeyOwner, isProjectMember } from './rules';

type Leaf = ['owner', string] | ['member', string[]];
type Tree = PermissionCriteria<Leaf>;

/** Conditions of the shapes that policies build. */
const trees: Tree[] = [
  ['owner', 'user:default/alice'],
  ['member', ['group:default/payments']],
  ['member', []],
  { not: ['owner', 'user:default/alice'] },
  { not: ['member', ['group:default/payments']] },
  {
    anyOf: [
      ['owner', 'user:default/bob'],
      ['member', ['group:default/payments', 'group:default/x']],
    ],
  },
  {
    allOf: [
      ['member', ['group:default/payments', 'group:default/search']],
      { not: { anyOf: [['owner', 'user:default/bob']] } },
    ],
  },
];

function isLeaf(tree: Tree): tree is Leaf {
  return Array.isArray(tree);
}

function toFilter(tree: Tree): PermissionCriteria<ApiKeyFilter> {
  if (isLeaf(tree)) {
    return tree[0] === 'owner'
      ? isKeyOwner.toQuery({ userRef: tree[1] })
      : isKeyOfMemberProject.toQuery({ ownerRefs: tree[1] });
  }
  if ('not' in tree) return { not: toFilter(tree.not) };
  if ('anyOf' in tree) {
    const [first, ...rest] = tree.anyOf;
    return { anyOf: [toFilter(first), ...rest.map(toFilter)] };
  }
  const [first, ...rest] = tree.allOf;
  return { allOf: [toFilter(first), ...rest.map(toFilter)] };
}

function applies(tree: Tree, resource: ApiKeyResource): boolean {
  if (isLeaf(tree)) {
    return tree[0] === 'owner'
      ? isKeyOwner.apply(resource, { userRef: tree[1] })
      : isKeyOfMemberProject.apply(resource, { ownerRefs: tree[1] });
  }
  if ('not' in tree) return !applies(tree.not, resource);
  if ('anyOf' in tree) return tree.anyOf.some(one => applies(one, resource));
  return tree.allOf.every(one => applies(one, resource));
}

describe('rules', () => {
  it('find with a query exactly the keys that they allow one by one', async () => {
    const plane = await TestControlPlane.start();
    await seedProject(plane, 'checkout', 'payments');
    await seedProject(plane, 'ranking', 'search');
    const create = (
      person: 'alice' | 'bob' | 'admin',
      projectId: string,
      kind: 'user' | 'project',
    ) =>
      plane.ok(person, endpoints.createApiKey, {
        body: { label: 'x', projectId, owner: { kind } },
      });
    await create('alice', 'checkout', 'user');
    await create('alice', 'checkout', 'project');
    await create('bob', 'ranking', 'user');
    await create('admin', 'ranking', 'project');
    const { apiKeys } = createStores(plane.db);
    const ids: string[] = await plane.db('api_keys').pluck('id');
    const resources = await apiKeys.resources(ids);

    for (const tree of trees) {
      const { items } = await apiKeys.list(
        {
          read: { kind: 'where', criteria: toFilter(tree) },
          revoke: undefined,
        },
        { at: new Date(), limit: 100, offset: 0 },
      );
      const allowed = ids.filter((_, i) => {
        const resource = resources[i];
        return resource !== undefined && applies(tree, resource);
      });
      expect(items.map(item => item.id).sort()).toEqual(allowed.sort());
    }
    expect(await apiKeys.resources(['zzzzzzzzzzzz'])).toEqual([undefined]);
  });

  it('find with a query exactly the projects that they allow one by one', async () => {
    const plane = await TestControlPlane.start();
    await seedProject(plane, 'checkout', 'payments');
    await seedProject(plane, 'ranking', 'search');
    const { projects } = createStores(plane.db);
    for (const ownerRefs of [[], ['group:default/payments'], ['nobody']]) {
      const found = await projects.ids({
        kind: 'where',
        criteria: isProjectMember.toQuery({ ownerRefs }),
      });
      const allowed = (
        await projects.owners(['checkout', 'ranking', 'unknown'])
      ).map(
        ownerRef =>
          ownerRef !== undefined &&
          isProjectMember.apply({ ownerRef }, { ownerRefs }),
      );
      expect(
        ['checkout', 'ranking', 'unknown'].map(id => found.includes(id)),
      ).toEqual(allowed);
    }
  });
});
