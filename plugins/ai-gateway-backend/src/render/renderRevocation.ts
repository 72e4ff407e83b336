import type { ApiKeyRevocation } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import {
  serving,
  type ApiKeyRevocationRecord,
  type RefusingGateway,
} from '../services/ApiKeyRevocationService';
import { isGone, stateOf } from '../services/gatewayLife';

/**
 * A revocation as the API writes it.
 *
 * @param readsGateways - whether the reader may know the names of hosts
 */
export function renderRevocation(
  revocation: ApiKeyRevocationRecord,
  readsGateways: boolean,
): ApiKeyRevocation {
  const { gateways } = revocation;
  const all = serving(gateways);
  const refusing = all.filter(({ applied }) => applied.applied);
  const appliedAt =
    refusing.length === all.length
      ? latest(refusing)?.toISOString()
      : undefined;
  return {
    apiKeyId: revocation.apiKeyId,
    revokedAt: revocation.revokedAt.toISOString(),
    revokedBy: revocation.revokedBy,
    revision: Number(revocation.revision),
    appliedOn: refusing.length,
    serving: all.length,
    appliedAt: appliedAt ?? null,
    summary: summaryOf(gateways, appliedAt),
    gateways: gateways.map(({ gateway, applied }) => ({
      id: gateway.id,
      hostname: readsGateways ? gateway.hostname : null,
      state: stateOf(gateway),
      lastSeenAt: gateway.lastSeenAt.toISOString(),
      applied: applied.applied,
      appliedAt: (applied.applied && applied.at?.toISOString()) || null,
      startedSince: applied.applied && applied.startedSince,
    })),
  };
}

function summaryOf(
  gateways: readonly RefusingGateway[],
  appliedAt: string | undefined,
): string {
  const all = serving(gateways);
  const refusing = all.filter(({ applied }) => applied.applied);
  const unsure = gateways.filter(
    ({ gateway, applied }) => isGone(gateway) && !applied.applied,
  );
  const since = refusing.filter(startedSince);
  return [
    all.length === 0
      ? 'No gateway serves at present'
      : `Applied on ${refusing.length} of ${all.length} gateway${
          all.length === 1 ? '' : 's'
        }${appliedAt ? ` at ${appliedAt}` : ''}`,
    ...(since.length > 0
      ? [`${since.length} of them started since the key was revoked`]
      : []),
    ...(unsure.length > 0
      ? [
          `not known of ${unsure.length} that ${
            unsure.length === 1 ? 'has' : 'have'
          } fallen silent`,
        ]
      : []),
  ].join('; ');
}

/** Such a gateway never accepted the key, so that when it came to know of it says nothing of when the others did. */
function startedSince({ applied }: RefusingGateway): boolean {
  return applied.applied && applied.startedSince;
}

/** The last of the moments; `undefined` when there is none, or one is not known any more. */
function latest(refusing: readonly RefusingGateway[]): Date | undefined {
  const times = refusing
    .filter(one => !startedSince(one))
    .map(({ applied }) => (applied.applied ? applied.at : null));
  if (times.some(at => at === null)) return undefined;
  return times.reduce<Date | undefined>(
    (last, at) => (at && (!last || at > last) ? at : last),
    undefined,
  );
}
