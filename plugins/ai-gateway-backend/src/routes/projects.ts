import {
  endpoints,
  projectManagePermission,
  projectReadPermission,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { EndpointRouter } from '../http/EndpointRouter';
import type { Authorizer } from '../permissions/Authorizer';
import { renderProject } from '../render/renderProject';
import type { ProjectService } from '../services/ProjectService';

/** Mounts the routes of projects. */
export function mountProjects(
  router: EndpointRouter,
  {
    authorizer,
    projects,
  }: { authorizer: Authorizer; projects: ProjectService },
): void {
  router.mount(endpoints.listProjects, async ({ caller, query }) => {
    const scope = await authorizer.projectScope(caller, projectReadPermission);
    const { items, totalCount } = await projects.list(scope, query);
    return { items: items.map(renderProject), totalCount };
  });

  router.mount(endpoints.createProject, async ({ caller, body }) => {
    await authorizer.require(caller, projectManagePermission);
    return renderProject(await projects.create(caller.actor, body));
  });

  router.mount(endpoints.getProject, async ({ caller, params }) => {
    const scope = await authorizer.projectScope(caller, projectReadPermission);
    return renderProject(await projects.get(params.projectId, scope));
  });

  router.mount(endpoints.updateProject, async ({ caller, params, body }) => {
    await authorizer.require(caller, projectManagePermission);
    return renderProject(
      await projects.update(caller.actor, params.projectId, body),
    );
  });
}
