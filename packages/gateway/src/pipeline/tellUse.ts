import { verdictOn } from '../upstream/attempts/verdictOn';
import type { DeploymentUse } from '../upstream/health/DeploymentHealth';
import type { Refusal } from '../errors/registry';
import type { Relayed } from './Relayed';

/** Tells how an attempt went that had something of an answer, of what that says about its deployment. */
export function tellUse(
  use: DeploymentUse,
  { outcome }: Pick<Relayed, 'outcome'>,
): void {
  switch (outcome) {
    case 'complete':
      use.succeeded();
      break;
    case 'truncated':
      use.failed('upstream_cut_off');
      break;
    case 'upstream_error':
      use.failed('upstream_error');
      break;
    default:
      // The client's doing.
      use.abandoned();
  }
}

/** Tells of an attempt that failed before its client saw anything. */
export function tellFailure(use: DeploymentUse, refusal: Refusal): void {
  const { says } = verdictOn(refusal.code);
  const { retryAfterSeconds } = refusal;
  if (says === 'failed') use.failed(refusal.code);
  else if (says === 'nothing') use.abandoned();
  else {
    use.limited(retryAfterSeconds === null ? null : retryAfterSeconds * 1_000);
  }
}
