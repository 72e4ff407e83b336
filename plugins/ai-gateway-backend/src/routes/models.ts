import {
  endpoints,
  modelManagePermission,
  modelReadPermission,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { NotAllowedError } from '@backstage/errors';
import type { EndpointRouter } from '../http/EndpointRouter';
import type { Authorizer } from '../permissions/Authorizer';
import type { Caller } from '../http/Caller';
import { renderModel } from '../render/renderModel';
import type { ModelService } from '../services/ModelService';

/** Mounts the routes of models. */
export function mountModels(
  router: EndpointRouter,
  { authorizer, models }: { authorizer: Authorizer; models: ModelService },
): void {
  /** Whether the caller manages models; who does, may also read them. */
  const readerManages = async (caller: Caller): Promise<boolean> => {
    const [reads, manages] = await authorizer.may(caller, [
      modelReadPermission,
      modelManagePermission,
    ]);
    if (!reads && !manages) {
      throw new NotAllowedError('You may not see models');
    }
    return manages;
  };

  router.mount(endpoints.listModels, async ({ caller, query }) => {
    const manages = await readerManages(caller);
    if (
      !manages &&
      (query.status === 'unpublished' || query.status === 'all')
    ) {
      throw new NotAllowedError(
        'Unpublished models are only for those who manage models',
      );
    }
    const { items, totalCount } = await models.list({
      ...query,
      status: query.status ?? 'published',
      anyTarget: manages,
    });
    return {
      items: items.map(found => renderModel(found, manages)),
      totalCount,
    };
  });

  router.mount(endpoints.getModel, async ({ caller, params }) => {
    const manages = await readerManages(caller);
    return renderModel(await models.get(params.modelId, manages), manages);
  });

  router.mount(endpoints.createModel, async ({ caller, body }) => {
    await authorizer.require(caller, modelManagePermission);
    return renderModel(await models.create(caller.actor, body), true);
  });

  router.mount(endpoints.updateModel, async ({ caller, params, body }) => {
    await authorizer.require(caller, modelManagePermission);
    return renderModel(
      await models.update(caller.actor, params.modelId, body),
      true,
    );
  });

  router.mount(endpoints.deleteModel, async ({ caller, params }) => {
    await authorizer.require(caller, modelManagePermission);
    await models.delete(caller.actor, params.modelId);
  });
}
