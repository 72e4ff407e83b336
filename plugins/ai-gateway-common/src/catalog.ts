/** `spec.type` of the catalog Resource that stands for a published model. @public */
export const AI_MODEL_RESOURCE_TYPE = 'ai-model';

/** Annotation that holds the id under which consumers name the model. @public */
export const ANNOTATION_MODEL_ID = 'ai-gateway.dev/model-id';

/** Annotation that holds the model's modality. @public */
export const ANNOTATION_MODALITY = 'ai-gateway.dev/modality';

/** Annotation that holds the names of the providers that serve the model, comma-separated. @public */
export const ANNOTATION_PROVIDERS = 'ai-gateway.dev/providers';

/** Name of the catalog API and of the Component that stand for the gateway. @public */
export const GATEWAY_ENTITY_NAME = 'ai-gateway';

/** Name of the catalog API that stands for the control plane. @public */
export const CONTROL_PLANE_ENTITY_NAME = 'ai-gateway-control-plane';

/** Topic on which the control plane tells that what the catalog shows of models changed. @public */
export const MODELS_CHANGED_TOPIC = 'ai-gateway.models.changed';

/** Payload of {@link MODELS_CHANGED_TOPIC}. @public */
export interface ModelsChangedEvent {
  modelIds: string[];
}
