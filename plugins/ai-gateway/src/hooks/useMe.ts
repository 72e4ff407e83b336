import { endpoints } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { createSharedEndpointHook } from './useSharedEndpoint';

/** Who is signed in, what they may do and where the gateway is; shared by all components. */
export const useMe = createSharedEndpointHook(endpoints.getMe, {});
