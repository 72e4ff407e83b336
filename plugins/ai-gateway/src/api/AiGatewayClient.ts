import {
  callEndpoint,
  type Endpoint,
  type EndpointInput,
  type EndpointOutput,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { FetchApi } from '@backstage/core-plugin-api';
import type { AiGatewayApi } from './AiGatewayApi';

/** The control plane over HTTP, as the signed-in user. @public */
export class AiGatewayClient implements AiGatewayApi {
  readonly #fetchApi: FetchApi;

  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  call<T extends Endpoint>(
    endpoint: T,
    input: EndpointInput<T>,
  ): Promise<EndpointOutput<T>> {
    return callEndpoint(
      (path, init) => this.#fetchApi.fetch(`plugin://ai-gateway${path}`, init),
      endpoint,
      input,
    );
  }
}
