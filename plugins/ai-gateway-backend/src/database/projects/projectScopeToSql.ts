import type { ProjectFilter } from '../../permissions/resources';
import {
  scopeToSql,
  type Scope,
  type SqlCondition,
} from '../../permissions/Scope';

/** The condition on a row of `projects`, which the query calls `pj`, that a scope comes to. */
export function projectScopeToSql(scope: Scope<ProjectFilter>): SqlCondition {
  return scopeToSql(scope, ({ ownerRefs }) => ({
    sql: 'pj.owner_ref = ANY(?)',
    bindings: [[...ownerRefs]],
  }));
}
