import {
  budgetManagePermission,
  budgetReadPermission,
  endpoints,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { Caller } from '../http/Caller';
import type { EndpointRouter } from '../http/EndpointRouter';
import type { Authorizer } from '../permissions/Authorizer';
import { renderBudget, renderBudgetNotice } from '../render/renderBudget';
import { renderChange } from '../render/renderChange';
import type { BudgetService } from '../services/BudgetService';

/** Mounts the routes of budgets. */
export function mountBudgets(
  router: EndpointRouter,
  { authorizer, budgets }: { authorizer: Authorizer; budgets: BudgetService },
): void {
  const scopeOf = (caller: Caller) =>
    authorizer.subjectScope(caller, budgetReadPermission);

  router.mount(endpoints.listBudgets, async ({ caller, query }) => {
    const { items, totalCount } = await budgets.list(
      await scopeOf(caller),
      query,
    );
    return { items: items.map(renderBudget), totalCount };
  });

  router.mount(endpoints.createBudget, async ({ caller, body }) => {
    await authorizer.require(caller, budgetManagePermission);
    return renderBudget(await budgets.create(caller.actor, body));
  });

  router.mount(endpoints.getBudget, async ({ caller, params }) =>
    renderBudget(await budgets.get(params.budgetId, await scopeOf(caller))),
  );

  router.mount(endpoints.updateBudget, async ({ caller, params, body }) => {
    await authorizer.require(caller, budgetManagePermission);
    return renderBudget(
      await budgets.update(caller.actor, params.budgetId, body),
    );
  });

  router.mount(endpoints.deleteBudget, async ({ caller, params }) => {
    await authorizer.require(caller, budgetManagePermission);
    await budgets.remove(caller.actor, params.budgetId);
  });

  router.mount(
    endpoints.getBudgetHistory,
    async ({ caller, params, query }) => {
      const { items, totalCount } = await budgets.history(
        params.budgetId,
        await scopeOf(caller),
        query,
      );
      return { items: items.map(renderChange), totalCount };
    },
  );

  router.mount(
    endpoints.listBudgetNotices,
    async ({ caller, params, query }) => {
      const { items, totalCount } = await budgets.notices(
        params.budgetId,
        await scopeOf(caller),
        query,
      );
      return { items: items.map(renderBudgetNotice), totalCount };
    },
  );
}
