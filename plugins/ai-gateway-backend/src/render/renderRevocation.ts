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
  return [
    all.length === 0
      ? 'No gateway serves at present'
      : `Applied on ${refusing.length} of ${all.length} gateway${
          all.length === 1 ? '' : 's'
        }${appliedAt ? ` at ${appliedAt}` : ''}`,
    ...(unsure.length > 0
      ? [
          `not known of ${unsure.length} that ${
            unsure.length === 1 ? 'has' : 'have'
          } fallen silent`,
        ]
      : []),
  ].join('; ');
}

/** The last of the moments; `undefined` when there is none, or one is not known any more. */
function latest(refusing: readonly RefusingGateway[]): Date | undefined {
  const times = refusing.map(({ applied }) =>
    applied.applied ? applied.at : null,
  );
  if (times.some(at => at === null)) return undefined;
  return times.reduce<Date | undefined>(
    (last, at) => (at && (!last || at > last) ? at : last),
    undefined,
  );
}
