import type { Credentials } from '../../credentials/Credentials';
import type { Deployment, Snapshot } from '../../snapshot/Snapshot';
import { Stop } from '../Stop';
import type { UpstreamPools } from '../UpstreamPools';
import type { ProbeResult } from './ProbeStore';

const TIMEOUT_MS = 3_000;

/** What a probe is made with. */
export interface ProbeSurroundings {
  readonly snapshot: () => Snapshot | null;
  readonly credentials: Credentials;
  readonly upstreams: UpstreamPools;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly newId: () => string;
}

/**
 * Asks the upstream of a deployment for something that costs nothing.
 *
 * It is alive if it answers, with anything but an error of its own or one that says that the credential is no good or the account not paid for. One that does not know
 * of such a list is there all the same.
 *
 * @returns `undefined` when it is not there any more, or is not to be probed
 */
export async function probeDeployment(
  deploymentId: string,
  around: ProbeSurroundings,
): Promise<ProbeResult | undefined> {
  const deployment = find(around.snapshot(), deploymentId);
  if (!deployment) return undefined;
  const { provider, upstreamModel, settings } = deployment;
  const result = (alive: boolean, detail: string) => ({
    deploymentId,
    alive,
    detail,
  });
  const found = await around.credentials.of(provider);
  if (!found.ok) return result(false, found.reason);
  const stop = new Stop();
  const late = setTimeout(() => stop.now(), TIMEOUT_MS);
  const answer = await around.upstreams.get(
    provider.origin,
    provider.kind.probe({
      baseUrl: provider.baseUrl,
      upstreamModel,
      credential: found.credential,
      settings,
      requestId: around.newId(),
      receivedAt: around.now(),
    }),
    stop,
  );
  clearTimeout(late);
  switch (answer.kind) {
    case 'failed':
      return result(false, answer.detail);
    case 'whole':
      return result(isAlive(answer.status), `status ${answer.status}`);
    default:
      throw new TypeError(`A list of models cannot be ${answer.kind}`);
  }
}

function isAlive(status: number): boolean {
  return status < 500 && ![401, 402, 403, 407, 408, 429].includes(status);
}

/** The deployment, if it and its model have nothing against being probed. */
function find(
  snapshot: Snapshot | null,
  deploymentId: string,
): Deployment | undefined {
  for (const { deployments, routing } of snapshot?.models.values() ?? []) {
    const found = deployments.find(({ id }) => id === deploymentId);
    if (!found) continue;
    return routing.health.probe && found.settings.probe !== false
      ? found
      : undefined;
  }
  return undefined;
}
