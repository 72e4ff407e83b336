import type { ApiKeyOwner } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { EntityRefLink } from '@backstage/plugin-catalog-react';

/** Whose credential a key is. */
export function ApiKeyOwnerLink(props: { owner: ApiKeyOwner }) {
  const { owner } = props;
  return owner.kind === 'project' ? (
    <>The project</>
  ) : (
    <EntityRefLink entityRef={owner.ref} />
  );
}
