import {
  endpoints,
  policyManagePermission,
  policyReadPermission,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { Caller } from '../http/Caller';
import type { EndpointRouter } from '../http/EndpointRouter';
import type { Authorizer } from '../permissions/Authorizer';
import { renderChange } from '../render/renderChange';
import { renderPolicy } from '../render/renderPolicy';
import type { PolicyService } from '../services/PolicyService';

/** Mounts the routes of policies. */
export function mountPolicies(
  router: EndpointRouter,
  { authorizer, policies }: { authorizer: Authorizer; policies: PolicyService },
): void {
  const scopeOf = (caller: Caller) =>
    authorizer.subjectScope(caller, policyReadPermission);

  router.mount(endpoints.listPolicies, async ({ caller, query }) => {
    const { items, totalCount } = await policies.list(
      await scopeOf(caller),
      query,
    );
    return { items: items.map(renderPolicy), totalCount };
  });

  router.mount(endpoints.createPolicy, async ({ caller, body }) => {
    await authorizer.require(caller, policyManagePermission);
    return renderPolicy(await policies.create(caller.actor, body));
  });

  router.mount(endpoints.getPolicy, async ({ caller, params }) =>
    renderPolicy(await policies.get(params.policyId, await scopeOf(caller))),
  );

  router.mount(endpoints.updatePolicy, async ({ caller, params, body }) => {
    await authorizer.require(caller, policyManagePermission);
    return renderPolicy(
      await policies.update(caller.actor, params.policyId, body),
    );
  });

  router.mount(endpoints.deletePolicy, async ({ caller, params }) => {
    await authorizer.require(caller, policyManagePermission);
    await policies.remove(caller.actor, params.policyId);
  });

  router.mount(
    endpoints.getPolicyHistory,
    async ({ caller, params, query }) => {
      const { items, totalCount } = await policies.history(
        params.policyId,
        await scopeOf(caller),
        query,
      );
      return { items: items.map(renderChange), totalCount };
    },
  );
}
