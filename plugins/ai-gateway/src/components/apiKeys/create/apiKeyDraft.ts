import type { Me } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { expiryMoment, type ExpiryChoice } from './expiry';

/** What the fields of the form hold. Its names are those of the request, so that what the API says of one finds its field. */
export interface ApiKeyDraft {
  label: string;
  projectId: string;
  owner: {
    kind: 'user' | 'app' | 'project';
    /** Of an app. */
    ref: string;
  };
  modelScope: { every: boolean; ids: readonly string[] };
  expiresAt: { choice: ExpiryChoice; date: string };
}

/**
 * What the form starts with.
 *
 * @param projects - those for which the reader may create keys
 * @param projectId - the one that the pages are narrowed to
 * @param modelId - the one that the key is wanted for
 */
export function initialDraft(
  projects: Me['projects'],
  projectId: string | undefined,
  modelId: string | undefined,
): ApiKeyDraft {
  const narrowed = projects.find(({ id }) => id === projectId);
  const only = projects.length === 1 ? projects[0] : undefined;
  return {
    label: '',
    projectId: (narrowed ?? only)?.id ?? '',
    owner: { kind: 'user', ref: '' },
    modelScope: { every: !modelId, ids: modelId ? [modelId] : [] },
    expiresAt: { choice: 'never', date: '' },
  };
}

/**
 * The request's body from what the fields hold.
 *
 * @param now - milliseconds since the epoch
 */
export function draftToBody(draft: ApiKeyDraft, now: number): unknown {
  const { label, projectId, owner, modelScope, expiresAt } = draft;
  return {
    label,
    projectId,
    owner:
      owner.kind === 'app'
        ? { kind: 'app', ref: owner.ref.trim() }
        : { kind: owner.kind },
    modelScope: modelScope.every ? null : modelScope.ids,
    expiresAt: expiryMoment(expiresAt.choice, expiresAt.date, now),
  };
}
