import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  type ApiEntity,
  type ComponentEntity,
  type Entity,
} from '@backstage/catalog-model';
import {
  AI_MODEL_RESOURCE_TYPE,
  ANNOTATION_MODALITY,
  ANNOTATION_MODEL_ID,
  ANNOTATION_PROVIDERS,
  CONTROL_PLANE_ENTITY_NAME,
  GATEWAY_ENTITY_NAME,
  type Model,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import {
  controlPlaneOpenApi,
  gatewayOpenApi,
} from '@ai-gateway/backstage-plugin-ai-gateway-common/openapi';
import type { CatalogSettings } from './settings';

// Not a `url:` location, which the catalog's pages would offer as a source to look at.
const LOCATION = 'ai-gateway:control-plane';
const managedBy = {
  [ANNOTATION_LOCATION]: LOCATION,
  [ANNOTATION_ORIGIN_LOCATION]: LOCATION,
};

/** The Resource that stands for a published model. It has a `spec.lifecycle`, which the kind does not know but the catalog's pages show. */
export function modelEntity(model: Model, settings: CatalogSettings): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: {
      name: model.id,
      title: model.title,
      ...(model.description && { description: model.description }),
      annotations: {
        ...managedBy,
        [ANNOTATION_MODEL_ID]: model.id,
        [ANNOTATION_MODALITY]: model.modality,
        [ANNOTATION_PROVIDERS]: model.providers.map(p => p.name).join(','),
      },
      tags: [
        ...new Set([model.modality, ...model.capabilities, model.lifecycle]),
      ].sort(),
    },
    spec: {
      type: AI_MODEL_RESOURCE_TYPE,
      owner: model.ownerRef,
      lifecycle: model.lifecycle,
      dependencyOf: [`component:default/${GATEWAY_ENTITY_NAME}`],
      ...(settings.system && { system: settings.system }),
    },
  };
}

/** The APIs of the gateway and of the control plane, and the gateway's Component. */
export function gatewayEntities(
  settings: CatalogSettings,
): [ApiEntity, ApiEntity, ComponentEntity] {
  const metadata = {
    name: GATEWAY_ENTITY_NAME,
    title: 'AI Gateway',
    annotations: managedBy,
    links: [{ url: `${settings.gatewayUrl}/v1`, title: 'Base URL for SDKs' }],
  };
  const owned = {
    lifecycle: 'production',
    owner: settings.owner,
    ...(settings.system && { system: settings.system }),
  };
  return [
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'API',
      metadata: {
        ...metadata,
        description:
          "OpenAI's API, served by the models of this portal with keys of this portal",
      },
      spec: {
        type: 'openapi',
        ...owned,
        definition: JSON.stringify(gatewayOpenApi(settings.gatewayUrl)),
      },
    },
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'API',
      metadata: {
        name: CONTROL_PLANE_ENTITY_NAME,
        title: 'AI Gateway control plane API',
        description: "What the portal's pages call, and scripts may",
        annotations: managedBy,
      },
      spec: {
        type: 'openapi',
        ...owned,
        definition: JSON.stringify(controlPlaneOpenApi()),
      },
    },
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        ...metadata,
        description:
          'Routes requests for language models to their providers and meters what they use',
      },
      spec: {
        type: 'service',
        ...owned,
        providesApis: [`api:default/${GATEWAY_ENTITY_NAME}`],
      },
    },
  ];
}

/** All entities of the provider. */
export function allEntities(
  models: readonly Model[],
  settings: CatalogSettings,
): Entity[] {
  return [
    ...gatewayEntities(settings),
    ...models.map(model => modelEntity(model, settings)),
  ];
}
