import type { Entity } from '@backstage/catalog-model';

/** Holds the id of the model that an entity stands for. */
const MODEL_ID_ANNOTATION = 'ai-gateway.dev/model-id';

/** Whether an entity of the catalog is a model: a `Resource` of type `ai-model`. @public */
export function isAiModel(entity: Entity): boolean {
  return (
    entity.kind.toLowerCase() === 'resource' && entity.spec?.type === 'ai-model'
  );
}

/** The id by which requests name the model of an entity. */
export function modelIdOf(entity: Entity): string {
  return (
    entity.metadata.annotations?.[MODEL_ID_ANNOTATION] ?? entity.metadata.name
  );
}
