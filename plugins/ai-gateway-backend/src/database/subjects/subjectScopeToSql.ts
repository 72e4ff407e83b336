import type { SubjectFilter } from '../../permissions/resources';
import {
  scopeToSql,
  type Scope,
  type SqlCondition,
} from '../../permissions/Scope';

const MEMBER_PROJECTS = 'SELECT id FROM projects WHERE owner_ref = ANY(?)';
const KEYS_OF_MEMBER_PROJECTS =
  'api_keys k JOIN projects pj ON pj.id = k.project_id AND pj.owner_ref = ANY(?)';

/** The condition on `subject_kind` and `subject_id` of a row that a scope comes to. Never NULL, so that its negation holds too. */
export function subjectScopeToSql(scope: Scope<SubjectFilter>): SqlCondition {
  return scopeToSql(scope, filter => {
    switch (filter.kind) {
      case 'own':
        return anyOf([
          ["subject_kind = 'user' AND subject_id = ?", filter.userRef],
          [
            `subject_kind = 'key' AND subject_id IN
             (SELECT id FROM api_keys WHERE owner_kind = 'user' AND owner_ref = ?)`,
            filter.userRef,
          ],
        ]);
      case 'memberProject': {
        const ownerRefs = [...filter.ownerRefs];
        return anyOf([
          [
            `subject_kind = 'project' AND subject_id IN (${MEMBER_PROJECTS})`,
            ownerRefs,
          ],
          [
            `subject_kind = 'subscription' AND split_part(subject_id, '/', 1) IN (${MEMBER_PROJECTS})`,
            ownerRefs,
          ],
          [
            `subject_kind = 'key' AND subject_id IN (SELECT k.id FROM ${KEYS_OF_MEMBER_PROJECTS})`,
            ownerRefs,
          ],
          [
            `subject_kind = 'app' AND subject_id IN
             (SELECT k.owner_ref FROM ${KEYS_OF_MEMBER_PROJECTS} WHERE k.owner_kind = 'app')`,
            ownerRefs,
          ],
        ]);
      }
      case 'aboveMemberProject': {
        const ownerRefs = [...filter.ownerRefs];
        return anyOf([
          [
            `subject_kind = 'business-unit' AND subject_id IN
             (SELECT business_unit FROM projects WHERE owner_ref = ANY(?))`,
            ownerRefs,
          ],
          [
            `subject_kind = 'organisation' AND EXISTS (${MEMBER_PROJECTS})`,
            ownerRefs,
          ],
        ]);
      }
      default: {
        const impossible: never = filter;
        throw new TypeError(`Unknown filter: ${impossible}`);
      }
    }
  });
}

function anyOf(
  parts: ReadonlyArray<readonly [sql: string, binding: string | string[]]>,
): SqlCondition {
  return {
    sql: `(${parts.map(([sql]) => `(${sql})`).join(' OR ')})`,
    bindings: parts.map(([, binding]) => binding),
  };
}
