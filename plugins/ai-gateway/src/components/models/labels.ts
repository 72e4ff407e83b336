import type {
  Capability,
  Lifecycle,
  Modality,
  ModelStatus,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { StatusTone } from '../shared';

/** How modalities read. */
export const MODALITY_LABELS: Record<Modality, string> = {
  chat: 'Chat',
  completion: 'Completion',
  embedding: 'Embedding',
  image: 'Image',
  audio: 'Audio',
  moderation: 'Moderation',
  rerank: 'Rerank',
};

/** How capabilities read. */
export const CAPABILITY_LABELS: Record<Capability, string> = {
  streaming: 'Streaming',
  tools: 'Tools',
  vision: 'Vision',
  json: 'JSON',
  reasoning: 'Reasoning',
  caching: 'Prompt caching',
};

/** How lifecycles read. */
export const LIFECYCLE_LABELS: Record<Lifecycle, string> = {
  experimental: 'Experimental',
  production: 'Production',
  deprecated: 'Deprecated',
};

/** How statuses read, and how they are meant. */
export const MODEL_STATUS: Record<
  ModelStatus,
  { label: string; tone: StatusTone }
> = {
  available: { label: 'Available', tone: 'good' },
  deprecated: { label: 'Deprecated', tone: 'warning' },
  unpublished: { label: 'Unpublished', tone: 'off' },
};
