import type {
  BackstageCredentials,
  BackstageServicePrincipal,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';

/** Who did something, as audit events and `created_by` name them. */
export interface Actor {
  readonly kind: 'user' | 'service';
  /** A user's entity reference, or a service's subject. */
  readonly ref: string;
}

/** Who is calling. */
export interface Caller {
  readonly credentials: BackstageCredentials<
    BackstageUserPrincipal | BackstageServicePrincipal
  >;
  readonly actor: Actor;
}

/** Names the caller of verified credentials. */
export function callerOf(credentials: Caller['credentials']): Caller {
  const { principal } = credentials;
  return {
    credentials,
    actor:
      principal.type === 'user'
        ? { kind: 'user', ref: principal.userEntityRef }
        : { kind: 'service', ref: principal.subject },
  };
}
