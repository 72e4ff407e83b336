import { isError } from '@backstage/errors';
import type { ProviderTestResult } from '@ai-gateway/backstage-plugin-ai-gateway-common';

/**
 * Says in our own words why a connection failed. Messages of sockets and of TLS are not passed on; their codes say enough.
 *
 * @param host - that was asked, with its port
 */
export function explainConnectionError(
  error: unknown,
  host: string,
  timeoutMs: number,
): {
  failure: NonNullable<ProviderTestResult['failure']>;
  message: string;
} {
  const code = codeOf(error);
  switch (code) {
    case 'EADDRREFUSED':
      return {
        failure: 'address_refused',
        message: `${host} is at an address that may not be reached from here; an operator can allow private ones with aiGateway.network.allowPrivateAddresses`,
      };
    case 'TimeoutError':
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
    case 'ETIMEDOUT':
      return {
        failure: 'timeout',
        message: `${host} did not answer within ${timeoutMs / 1000} seconds. Check the URL, and whether a firewall stands between.`,
      };
    case 'UND_ERR_RES_EXCEEDED_MAX_SIZE':
      return {
        failure: 'unexpected_body',
        message: `${host} answered with more than a list of models can be. Check the URL.`,
      };
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return {
        failure: 'unreachable',
        message: `No name server knows ${host}. Check the URL.`,
      };
    case 'ECONNREFUSED':
      return {
        failure: 'unreachable',
        message: `Nothing listens at ${host}. Check host and port, and whether the server runs.`,
      };
    default:
      return {
        failure: 'unreachable',
        message: `The connection to ${host} failed${code ? ` (${code})` : ''}. Check the URL, and whether it takes http or https.`,
      };
  }
}

/** The code of an error or of what caused it; several addresses that were tried give several, of which the first counts. */
function codeOf(error: unknown): string | undefined {
  if (!isError(error)) return undefined;
  if (error.name === 'TimeoutError') return error.name;
  if (typeof error.code === 'string') return error.code;
  if (Array.isArray(error.errors) && error.errors.length > 0) {
    return codeOf(error.errors[0]);
  }
  return codeOf(error.cause);
}
