import type { Subject } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type {
  SubjectFilter,
  SubjectResource,
} from '../../permissions/resources';
import type { Scope } from '../../permissions/Scope';
import type { ApiKeyRecord } from '../apiKeys/ApiKeyStore';

/** Subjects of limits, budgets and policies, and what is above each. */
export interface SubjectStore {
  /** What keeps a subject from being one, in words; `undefined` when nothing does. Users and apps are the catalog's to know. */
  problemOf(subject: Subject): Promise<string | undefined>;
  /**
   * Of each subject, itself and what its fractions are parts of, the nearest first; by {@link subjectName}. One whose project is not there
   * (any more) has only the organisation above it.
   */
  chains(subjects: readonly Subject[]): Promise<Map<string, Subject[]>>;
  /** Every level that holds for the requests of a key: itself, its owner, and the subscriptions, project, unit and organisation above. */
  levelsOf(
    apiKey: Pick<ApiKeyRecord, 'id' | 'projectId' | 'owner' | 'modelScope'>,
  ): Promise<Subject[]>;
  /** Those of some subjects that are within a scope. */
  within(
    scope: Scope<SubjectFilter>,
    subjects: readonly Subject[],
  ): Promise<Subject[]>;
  /** What permission rules know of a subject; `undefined` when there is none. */
  resource(subject: Subject): Promise<SubjectResource | undefined>;
}

/** The name of a subject, unique among all of them: `project:checkout`. */
export function subjectName({ kind, id }: Pick<Subject, 'kind' | 'id'>) {
  return `${kind}:${id}`;
}

/** The project and the model of a subscription. */
export function partsOfSubscription(id: string): {
  projectId: string;
  modelId: string;
} {
  const [projectId, modelId] = id.split('/');
  return { projectId, modelId };
}
