import {
  callEndpoint,
  type Endpoint,
  type EndpointInput,
  type EndpointOutput,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { FetchApi } from '@backstage/core-plugin-api';
import type { AiGatewayApi } from './AiGatewayApi';

/** A backend that has not answered by then is taken to be stuck, in milliseconds. */
const TIMEOUT_MS = 30_000;

/**
 * The control plane over HTTP, as the signed-in user.
 *
 * A call that is not answered in time fails with a `TimeoutError`, so that no page waits for ever.
 *
 * @public
 */
export class AiGatewayClient implements AiGatewayApi {
  readonly #fetchApi: FetchApi;
  readonly #timeoutMs: number;

  /** @param options - `timeoutMs`: how long a call may take, 30 seconds unless said otherwise */
  constructor(options: { fetchApi: FetchApi; timeoutMs?: number }) {
    this.#fetchApi = options.fetchApi;
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  }

  call<T extends Endpoint>(
    endpoint: T,
    input: EndpointInput<T>,
  ): Promise<EndpointOutput<T>> {
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    return callEndpoint(
      (path, init) =>
        this.#fetchApi.fetch(`plugin://ai-gateway${path}`, {
          ...init,
          signal: init.signal
            ? AbortSignal.any([init.signal, timeout])
            : timeout,
        }),
      endpoint,
      input,
    );
  }
}
