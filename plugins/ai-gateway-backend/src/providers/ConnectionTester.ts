import type {
  ProviderTestResult,
  TestProvider,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type {
  AddressPolicy,
  SecretResolver,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { Agent, request, type Dispatcher } from 'undici';
import { explainConnectionError } from './explainConnectionError';
import { modelListRequest } from './modelListRequest';
import { readModelList } from './readModelList';

const MAX_RESPONSE_BYTES = 2 * 1024 * 1024;

type Failure = NonNullable<ProviderTestResult['failure']>;

/**
 * Tries the connection to a provider: asks for its list of models, which has the same form in every dialect, with the provider's own secret.
 *
 * What comes back is one of our own words and the names of models. Neither the secret nor what the upstream wrote leaves this file: whoever may
 * register a provider must not be able to read other servers' answers through it.
 */
export class ConnectionTester {
  readonly #addresses: AddressPolicy;
  readonly #secrets: SecretResolver;
  readonly #timeoutMs: number;

  static create(options: {
    addresses: AddressPolicy;
    secrets: SecretResolver;
    timeoutMs?: number;
  }): ConnectionTester {
    return new ConnectionTester(
      options.addresses,
      options.secrets,
      options.timeoutMs ?? 5000,
    );
  }

  private constructor(
    addresses: AddressPolicy,
    secrets: SecretResolver,
    timeoutMs: number,
  ) {
    this.#addresses = addresses;
    this.#secrets = secrets;
    this.#timeoutMs = timeoutMs;
  }

  async test(provider: TestProvider): Promise<ProviderTestResult> {
    const verdict = this.#addresses.checkUrl(provider.baseUrl);
    if (!verdict.ok) return failed('address_refused', verdict.reason);

    const byIdentity = provider.settings.auth === 'managed-identity';
    if (byIdentity && provider.secretRef === null) {
      return failed(
        'secret_missing',
        "The gateway's machine has an identity for this provider, which the portal has not: it cannot be tried from here. Name a secret to try it with, or send a request through the gateway.",
      );
    }
    let secret: string | null = null;
    if (provider.secretRef !== null) {
      const lookup = this.#secrets.resolve(provider.secretRef);
      if (!lookup.ok) return failed('secret_missing', lookup.reason);
      if (!/^[\x21-\x7e]+$/.test(lookup.secret)) {
        return failed(
          'secret_missing',
          `${provider.secretRef} holds characters that no API key has, such as spaces or line breaks`,
        );
      }
      secret = lookup.secret;
    }
    const { url, headers } = modelListRequest(provider, secret);
    return this.#ask(url, headers);
  }

  async #ask(
    url: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<ProviderTestResult> {
    const agent = new Agent({
      connect: { lookup: this.#addresses.lookup, timeout: this.#timeoutMs },
      maxResponseSize: MAX_RESPONSE_BYTES,
      connections: 1,
    });
    const startedAt = performance.now();
    try {
      // Redirects are not followed: they could lead anywhere, with the secret.
      const response = await request(url, {
        dispatcher: agent,
        headers,
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
      const refusal = refusalOf(response);
      if (refusal) return refusal;
      const models = readModelList(await response.body.text());
      const latencyMs = Math.round(performance.now() - startedAt);
      if (!models) {
        return failed(
          'unexpected_body',
          "The server answered, but not with a list of models. Check that the URL ends in the provider's version, such as /v1.",
          latencyMs,
        );
      }
      return {
        ok: true,
        latencyMs,
        models: models.slice(0, 1000),
        failure: null,
        message: `The provider answered and offers ${models.length === 1 ? 'one model' : `${models.length} models`}.`,
      };
    } catch (error) {
      const { failure, message } = explainConnectionError(
        error,
        new URL(url).host,
        this.#timeoutMs,
      );
      return failed(failure, message);
    } finally {
      await agent.destroy();
    }
  }
}

function refusalOf(
  response: Dispatcher.ResponseData,
): ProviderTestResult | undefined {
  const { statusCode } = response;
  if (statusCode === 200) return undefined;
  if (statusCode === 401 || statusCode === 403) {
    return failed(
      'unauthorized',
      `The provider refused the credential (${statusCode}). Check the secret that is named, and what it may do.`,
    );
  }
  if (statusCode >= 300 && statusCode < 400) {
    return failed(
      'unexpected_status',
      `The server answered with a redirect (${statusCode}), which is not followed. Enter the URL that it leads to.`,
    );
  }
  return failed(
    'unexpected_status',
    statusCode === 404
      ? "The server has no list of models there (404). Check that the URL ends in the provider's version, such as /v1."
      : `The server answered ${statusCode} instead of a list of models. ${statusCode >= 500 ? 'Try again later, or ask the provider.' : 'Check the URL.'}`,
  );
}

function failed(
  failure: Failure,
  message: string,
  latencyMs: number | null = null,
): ProviderTestResult {
  return { ok: false, latencyMs, models: [], failure, message };
}
