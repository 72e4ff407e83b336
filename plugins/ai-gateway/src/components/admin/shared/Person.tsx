import { EntityRefLink } from '@backstage/plugin-catalog-react';

/** Who did it: a link for an entity of the catalog, and else the name as it is, such as that of a service. */
export function Person(props: { entityRef: string }) {
  const { entityRef } = props;
  return /^[a-z]+:[^/]+\/.+$/.test(entityRef) ? (
    <EntityRefLink entityRef={entityRef} hideIcon />
  ) : (
    <>{entityRef}</>
  );
}
