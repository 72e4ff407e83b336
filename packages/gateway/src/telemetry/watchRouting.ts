import type {
  DeploymentRouter,
  RoutingStats,
} from '../upstream/DeploymentRouter';
import { figure } from './metrics/Figure';
import type { Telemetry } from './Telemetry';

/** Has the figures of routing told along with the gateway's own. */
export function watchRouting(
  telemetry: Telemetry,
  router: Pick<DeploymentRouter, 'stats'>,
): void {
  const count = (
    name: string,
    help: string,
    of: (stats: RoutingStats) => number,
  ) =>
    telemetry.watch(
      figure('counter', `aigateway_${name}_total`, help, () =>
        of(router.stats()),
      ),
    );
  count(
    'upstream_retries',
    'Attempts at a deployment that the same request had been at',
    stats => stats.retries,
  );
  count(
    'upstream_fallbacks',
    'Attempts at another deployment or model than the first',
    stats => stats.fallbacks,
  );
  count(
    'upstream_unavailable',
    'Requests refused as each deployment was left alone',
    stats => stats.refused,
  );
  count(
    'breaker_opened',
    'How often a deployment was left alone after failures',
    stats => stats.opened,
  );
  count(
    'deployment_cooled',
    'How often a deployment was left alone as its provider limits requests',
    stats => stats.cooled,
  );
  for (const state of ['healthy', 'cooling', 'open', 'draining'] as const) {
    telemetry.watch(
      figure(
        'gauge',
        `aigateway_deployments_${state}`,
        `Deployments that this gateway has used and finds ${state}`,
        () => router.stats().deployments[state],
      ),
    );
  }
}
