import type {
  Endpoint,
  EndpointInput,
  EndpointOutput,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { createApiRef } from '@backstage/core-plugin-api';

/**
 * The control plane, as pages see it: every call names an endpoint of the contract and is typed by it.
 *
 * @public
 */
export interface AiGatewayApi {
  /** @throws ControlPlaneError when the control plane refuses */
  call<T extends Endpoint>(
    endpoint: T,
    input: EndpointInput<T>,
  ): Promise<EndpointOutput<T>>;
}

/** {@inheritDoc AiGatewayApi} @public */
export const aiGatewayApiRef = createApiRef<AiGatewayApi>({
  id: 'plugin.ai-gateway.service',
});
