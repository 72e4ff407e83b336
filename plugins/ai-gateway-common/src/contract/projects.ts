import { z } from 'zod';
import { defineEndpoint } from './endpoint';
import {
  descriptionSchema,
  groupRefSchema,
  slugSchema,
  timestampSchema,
  titleSchema,
  versionSchema,
} from './fields';
import { pageOf, pageQuerySchema } from './page';

const nameOfUnit = z
  .string()
  .trim()
  .min(1)
  .max(120, 'Use at most 120 characters');

/** Who pays. @public */
export const projectSchema = z
  .object({
    id: slugSchema,
    title: titleSchema,
    description: descriptionSchema,
    ownerRef: groupRefSchema,
    businessUnit: z.string(),
    costCentre: z.string().nullable(),
    type: z.enum(['internal', 'client']),
    version: versionSchema,
    createdAt: timestampSchema,
    createdBy: z.string(),
    updatedAt: timestampSchema,
  })
  .meta({ id: 'Project' });

/** {@inheritDoc projectSchema} @public */
export type Project = z.infer<typeof projectSchema>;

/** What an admin enters to create a project. @public */
export const createProjectSchema = z
  .strictObject({
    id: slugSchema,
    title: titleSchema,
    description: descriptionSchema.default(''),
    ownerRef: groupRefSchema,
    businessUnit: nameOfUnit,
    costCentre: nameOfUnit.nullable().default(null),
    type: z.enum(['internal', 'client']).default('internal'),
  })
  .meta({ id: 'CreateProject' });

/** {@inheritDoc createProjectSchema} @public */
export type CreateProject = z.infer<typeof createProjectSchema>;

/** What may change of a project. @public */
export const updateProjectSchema = z
  .strictObject({
    version: versionSchema,
    title: titleSchema.optional(),
    description: descriptionSchema.optional(),
    ownerRef: groupRefSchema.optional(),
    businessUnit: nameOfUnit.optional(),
    costCentre: nameOfUnit.nullable().optional(),
  })
  .meta({ id: 'UpdateProject' });

/** {@inheritDoc updateProjectSchema} @public */
export type UpdateProject = z.infer<typeof updateProjectSchema>;

const params = z.object({ projectId: slugSchema });
const tag = 'Projects';

/** Routes of projects. @public */
export const projectEndpoints = {
  listProjects: defineEndpoint({
    operationId: 'listProjects',
    method: 'get',
    path: '/projects',
    tag,
    summary: 'List the projects that the caller may see',
    query: pageQuerySchema,
    status: 200,
    response: pageOf(projectSchema),
  }),
  createProject: defineEndpoint({
    operationId: 'createProject',
    method: 'post',
    path: '/projects',
    tag,
    summary: 'Create a project',
    body: createProjectSchema,
    status: 201,
    response: projectSchema,
  }),
  getProject: defineEndpoint({
    operationId: 'getProject',
    method: 'get',
    path: '/projects/{projectId}',
    tag,
    summary: 'Get a project',
    params,
    status: 200,
    response: projectSchema,
  }),
  updateProject: defineEndpoint({
    operationId: 'updateProject',
    method: 'patch',
    path: '/projects/{projectId}',
    tag,
    summary: 'Change a project',
    params,
    body: updateProjectSchema,
    status: 200,
    response: projectSchema,
  }),
};
