import {
  endpoints,
  type CreateDeployment,
  type CreateModel,
  type Deployment,
  type Model,
  type Project,
  type Provider,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { TestControlPlane } from './TestControlPlane';

/** A provider that nobody calls. */
export async function seedProvider(
  plane: TestControlPlane,
  name: string = 'acme',
): Promise<Provider> {
  return plane.ok('admin', endpoints.createProvider, {
    body: {
      name,
      title: `Provider ${name}`,
      kind: 'openai',
      baseUrl: 'https://api.example.com/v1',
      secretRef: 'env://ACME_API_KEY',
    },
  });
}

/** A model without deployments. */
export async function seedModel(
  plane: TestControlPlane,
  id: string,
  fields: Partial<CreateModel> = {},
): Promise<Model> {
  return plane.ok('admin', endpoints.createModel, {
    body: {
      id,
      title: `Model ${id}`,
      ownerRef: 'group:default/platform',
      ...fields,
    },
  });
}

/** A deployment with a price in force. */
export async function seedDeployment(
  plane: TestControlPlane,
  fields: Pick<CreateDeployment, 'modelId' | 'providerId'> &
    Partial<CreateDeployment>,
  price: { input: string; output: string } = { input: '0.15', output: '0.6' },
): Promise<Deployment> {
  const deployment = await plane.ok('admin', endpoints.createDeployment, {
    body: { upstreamModel: 'upstream-1', ...fields },
  });
  await plane.ok('admin', endpoints.createPrice, {
    params: { deploymentId: deployment.id },
    body: { amounts: price },
  });
  return deployment;
}

/** A model that consumers reach. */
export async function seedPublishedModel(
  plane: TestControlPlane,
  id: string,
  providerId: string,
  fields: Partial<CreateModel> = {},
): Promise<Deployment> {
  await seedModel(plane, id, fields);
  const { id: deploymentId } = await seedDeployment(plane, {
    modelId: id,
    providerId,
  });
  return plane.ok('admin', endpoints.publishDeployment, {
    params: { deploymentId },
  });
}

/** A project of a team. */
export async function seedProject(
  plane: TestControlPlane,
  id: string,
  team: 'payments' | 'search' | 'platform',
): Promise<Project> {
  return plane.ok('admin', endpoints.createProject, {
    body: {
      id,
      title: `Project ${id}`,
      ownerRef: `group:default/${team}`,
      businessUnit: `Unit of ${team}`,
    },
  });
}
