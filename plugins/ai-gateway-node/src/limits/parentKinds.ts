import type { LimitSubjectKind } from './counters';

/**
 * Whose limits a fraction can be of, the nearest first: what a subject belongs to. A person or an app may use many projects, so that no
 * project's limit is theirs to have a part of.
 *
 * @public
 */
export const PARENT_KINDS = {
  key: ['project', 'business-unit', 'organisation'],
  user: ['organisation'],
  app: ['organisation'],
  subscription: ['project', 'business-unit', 'organisation'],
  project: ['business-unit', 'organisation'],
  'business-unit': ['organisation'],
  organisation: [],
} as const satisfies Record<LimitSubjectKind, readonly LimitSubjectKind[]>;
