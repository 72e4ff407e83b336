import { useRouteRef } from '@backstage/core-plugin-api';
import { useProject } from '../../hooks';
import { apiKeysRouteRef } from '../../routes';

/** The address at which a key for a model is created. */
export function useCreateKeyHref(): (modelId: string) => string {
  const apiKeysPath = useRouteRef(apiKeysRouteRef);
  const { projectId } = useProject();
  return modelId => {
    const query = new URLSearchParams({
      create: 'true',
      model: modelId,
      ...(projectId && { project: projectId }),
    });
    return `${apiKeysPath()}?${query}`;
  };
}
