import { endpoints } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { createSharedEndpointHook } from './useSharedEndpoint';

/** The projects that the reader may see; shared by all components. */
export const useProjects = createSharedEndpointHook(endpoints.listProjects, {
  query: { limit: 500 },
});
