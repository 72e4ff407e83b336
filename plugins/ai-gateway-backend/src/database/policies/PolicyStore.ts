import type {
  Page,
  Policy,
  PolicySubject,
  Subject,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { SubjectFilter } from '../../permissions/resources';
import type { Scope } from '../../permissions/Scope';
import type { Stamp } from '../Stamp';
import type { SubjectQuery, SubjectRecord } from '../subjects/subjectRows';

/** What may change of a policy. */
export type PolicyFields = Readonly<
  Pick<
    Policy,
    | 'allowedModels'
    | 'deniedModels'
    | 'allowedEndpoints'
    | 'deniedEndpoints'
    | 'maxContextTokens'
    | 'maxOutputTokens'
    | 'whenExceeded'
    | 'bodyCapture'
    | 'bodyCaptureMaxBytes'
    | 'note'
  >
>;

/** What stays of a policy. */
export interface PolicyKey {
  readonly id: string;
  readonly subject: PolicySubject;
}

/** A policy as it is kept. */
export interface PolicyRecord extends PolicyKey, PolicyFields, SubjectRecord {}

/** Policies that are in force. Whoever asks says within which scope. */
export interface PolicyStore {
  list(
    scope: Scope<SubjectFilter>,
    query: SubjectQuery,
  ): Promise<Page<PolicyRecord>>;
  get(
    id: string,
    scope: Scope<SubjectFilter>,
  ): Promise<PolicyRecord | undefined>;
  /** Whether there is or was such a policy. */
  wasThere(id: string, scope: Scope<SubjectFilter>): Promise<boolean>;
  /** The policies of some subjects. */
  of(subjects: readonly Subject[]): Promise<PolicyRecord[]>;
  /** Policies of everything that has a subject above it. */
  below(subject: Subject): Promise<PolicyRecord[]>;
  /** @returns `false` when its subject has one */
  insert(
    key: PolicyKey,
    fields: PolicyFields,
    stamp: Stamp,
    revision: bigint,
  ): Promise<boolean>;
  update(
    id: string,
    fields: PolicyFields,
    stamp: Stamp,
    revision: bigint,
  ): Promise<void>;
  remove(id: string, stamp: Stamp, revision: bigint): Promise<void>;
}
