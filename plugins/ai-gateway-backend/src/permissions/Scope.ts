import type { PermissionCriteria } from '@backstage/plugin-permission-common';
import {
  isAndCriteria,
  isNotCriteria,
  isOrCriteria,
} from '@backstage/plugin-permission-node';

/** Which rows a caller may reach: all, or those that meet conditions. Whoever may reach none is refused before there is a scope. */
export type Scope<TFilter> =
  | { readonly kind: 'everything' }
  | { readonly kind: 'where'; readonly criteria: PermissionCriteria<TFilter> };

/** A piece of SQL with `?` for each of its bindings. */
export interface SqlCondition {
  readonly sql: string;
  readonly bindings: ReadonlyArray<string | string[]>;
}

/**
 * Writes a scope as a condition, so that lists and sums are filtered where they are made.
 *
 * @param leaf - writes one filter of the scope's kind
 */
export function scopeToSql<TFilter>(
  scope: Scope<TFilter>,
  leaf: (filter: TFilter) => SqlCondition,
): SqlCondition {
  return scope.kind === 'everything'
    ? { sql: 'TRUE', bindings: [] }
    : criteriaToSql(scope.criteria, leaf);
}

function criteriaToSql<TFilter>(
  criteria: PermissionCriteria<TFilter>,
  leaf: (filter: TFilter) => SqlCondition,
): SqlCondition {
  const join = (
    children: ReadonlyArray<PermissionCriteria<TFilter>>,
    operator: string,
  ): SqlCondition => {
    const parts = children.map(child => criteriaToSql(child, leaf));
    return {
      sql: `(${parts.map(part => part.sql).join(operator)})`,
      bindings: parts.flatMap(part => part.bindings),
    };
  };
  if (isAndCriteria(criteria)) return join(criteria.allOf, ' AND ');
  if (isOrCriteria(criteria)) return join(criteria.anyOf, ' OR ');
  if (isNotCriteria(criteria)) {
    const child = criteriaToSql(criteria.not, leaf);
    return { sql: `NOT ${child.sql}`, bindings: child.bindings };
  }
  return leaf(criteria);
}
