import type { SecretResolver } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Credential } from '../providers/spec';
import type { Provider } from '../snapshot/Snapshot';
import type { TokenSource } from './TokenSource';

/** A credential, none where the provider asks for none, or why it cannot be had. */
export type CredentialResult =
  | { readonly ok: true; readonly credential: Credential | null }
  /** For the log. */
  | { readonly ok: false; readonly reason: string };

const AZURE_SCOPE = 'https://cognitiveservices.azure.com/.default';

/** How the gateway proves to providers whose account it uses. */
export class Credentials {
  readonly #secrets: Pick<SecretResolver, 'resolve'>;
  readonly #tokens: TokenSource;

  static create(options: {
    secrets: Pick<SecretResolver, 'resolve'>;
    tokens: TokenSource;
  }): Credentials {
    return new Credentials(options.secrets, options.tokens);
  }

  private constructor(
    secrets: Pick<SecretResolver, 'resolve'>,
    tokens: TokenSource,
  ) {
    this.#secrets = secrets;
    this.#tokens = tokens;
  }

  /** At once, unless it is a token that has to be got. */
  of(provider: Provider): CredentialResult | Promise<CredentialResult> {
    return provider.settings.auth === 'managed-identity'
      ? this.#token(provider)
      : this.#key(provider.secretRef);
  }

  /** By the identity of the machine, or by the key where there is no token to be had. */
  async #token({ settings, secretRef }: Provider): Promise<CredentialResult> {
    const found = await this.#tokens.token({
      clientId: settings.identityClientId,
      scope: AZURE_SCOPE,
    });
    if (found.ok) {
      return { ok: true, credential: { kind: 'token', token: found.token } };
    }
    return secretRef === null ? found : this.#key(secretRef);
  }

  #key(secretRef: string | null): CredentialResult {
    if (secretRef === null) return { ok: true, credential: null };
    const found = this.#secrets.resolve(secretRef);
    return found.ok
      ? { ok: true, credential: { kind: 'key', secret: found.secret } }
      : found;
  }
}
