import { endpoints } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { useEntity } from '@backstage/plugin-catalog-react';
import { useEndpoint } from '../../hooks';
import { modelIdOf } from './isAiModel';

const REFRESH_MS = 10_000;

/** The model of the entity whose page is open, as the gateway serves it now. */
export function useEntityModel() {
  const { entity } = useEntity();
  const modelId = modelIdOf(entity);
  return useEndpoint(
    endpoints.getModel,
    { params: { modelId } },
    { refreshMs: REFRESH_MS },
  );
}
