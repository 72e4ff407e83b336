import type {
  Limit,
  Page,
  Subject,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type {
  DegradedMode,
  LimitAmount,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { SubjectFilter } from '../../permissions/resources';
import type { Scope } from '../../permissions/Scope';
import type { Stamp } from '../Stamp';
import type { SubjectQuery, SubjectRecord } from '../subjects/subjectRows';

/** What a limit counts, and over which time. */
export type LimitGaugeFields = Pick<Limit, 'measure' | 'window'>;

/** What may change of a limit. */
export interface LimitFields {
  readonly amount: LimitAmount;
  /** `null`: as is usual for the measure. */
  readonly whenDegraded: DegradedMode | null;
  readonly note: string;
}

/** What stays of a limit. */
export interface LimitKey extends LimitGaugeFields {
  readonly id: string;
  readonly subject: Subject;
}

/** A limit as it is kept. */
export interface LimitRecord extends LimitKey, LimitFields, SubjectRecord {}

/** Limits that are in force. Whoever asks says within which scope. */
export interface LimitStore {
  list(
    scope: Scope<SubjectFilter>,
    query: SubjectQuery,
  ): Promise<Page<LimitRecord>>;
  get(
    id: string,
    scope: Scope<SubjectFilter>,
  ): Promise<LimitRecord | undefined>;
  /** Whether there is or was such a limit. */
  wasThere(id: string, scope: Scope<SubjectFilter>): Promise<boolean>;
  /** All limits of some subjects. */
  of(
    subjects: readonly Subject[],
    gauge?: LimitGaugeFields,
  ): Promise<LimitRecord[]>;
  /** Limits of everything that has a subject above it. */
  below(subject: Subject, gauge?: LimitGaugeFields): Promise<LimitRecord[]>;
  /** @returns `false` when its subject has one for this measure and window */
  insert(
    key: LimitKey,
    fields: LimitFields,
    stamp: Stamp,
    revision: bigint,
  ): Promise<boolean>;
  update(
    id: string,
    fields: LimitFields,
    stamp: Stamp,
    revision: bigint,
  ): Promise<void>;
  remove(id: string, stamp: Stamp, revision: bigint): Promise<void>;
}
