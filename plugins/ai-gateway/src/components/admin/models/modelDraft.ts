import type {
  Capability,
  CreateModel,
  Lifecycle,
  Modality,
  Model,
  UpdateModel,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';

/** What the fields of the model form hold. */
export interface ModelDraft {
  id: string;
  title: string;
  description: string;
  modality: Modality;
  capabilities: Capability[];
  /** Tokens; empty when unknown. */
  contextWindow: string;
  /** Tokens; empty when unknown. */
  maxOutputTokens: string;
  ownerRef: string;
  lifecycle: Lifecycle;
}

/** A form that begins empty, owned by a team of the reader. */
export function newModelDraft(ownershipRefs: readonly string[]): ModelDraft {
  return {
    id: '',
    title: '',
    description: '',
    modality: 'chat',
    capabilities: ['streaming'],
    contextWindow: '',
    maxOutputTokens: '',
    ownerRef: ownershipRefs.find(ref => ref.startsWith('group:')) ?? '',
    lifecycle: 'production',
  };
}

/** The form of a model that is saved. */
export function draftOfModel(model: Model): ModelDraft {
  const { id, title, description, modality, capabilities } = model;
  const { ownerRef, lifecycle } = model;
  return {
    id,
    title,
    description,
    modality,
    capabilities,
    ownerRef,
    lifecycle,
    contextWindow: model.contextWindow?.toString() ?? '',
    maxOutputTokens: model.maxOutputTokens?.toString() ?? '',
  };
}

/** The request that adds what the form holds. */
export function draftToModel(draft: ModelDraft) {
  return {
    ...draft,
    contextWindow: readTokens(draft.contextWindow),
    maxOutputTokens: readTokens(draft.maxOutputTokens),
  };
}

/** The request that changes a model; its id stays. */
export function modelChange(body: CreateModel, version: number): UpdateModel {
  const { id: _id, ...change } = body;
  return { version, ...change };
}

/** A count as people write it, `128,000` or `128 000`; what is none is a fraction, so that it is refused as not being whole. */
function readTokens(text: string): number | null {
  const digits = text.replace(/[\s,._']/g, '');
  if (digits === '') return null;
  return /^\d+$/.test(digits) ? Number(digits) : 0.5;
}
