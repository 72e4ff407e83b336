import type { Project } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { ProjectRecord } from '../database/projects/ProjectStore';

/** A project as the API writes it. */
export function renderProject(project: ProjectRecord): Project {
  return {
    id: project.id,
    title: project.title,
    description: project.description,
    ownerRef: project.ownerRef,
    businessUnit: project.businessUnit,
    costCentre: project.costCentre,
    type: project.type,
    version: project.version,
    createdAt: project.createdAt.toISOString(),
    createdBy: project.createdBy,
    updatedAt: project.updatedAt.toISOString(),
  };
}
