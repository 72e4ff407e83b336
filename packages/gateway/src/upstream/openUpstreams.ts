import type { AddressPolicy } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Knex } from 'knex';
import type { UpstreamSettings } from '../config/GatewaySettings';
import type { Credentials } from '../credentials/Credentials';
import type { Configuration } from '../snapshot/Configuration';
import type { Log } from '../telemetry/log';
import { DeploymentRouter } from './DeploymentRouter';
import { DatabaseDeploymentStateStore } from './health/DatabaseDeploymentStateStore';
import { StateReporter } from './health/StateReporter';
import { DatabaseProbeStore } from './probing/DatabaseProbeStore';
import { probeDeployment } from './probing/probeDeployment';
import { Prober } from './probing/Prober';
import { UpstreamPools } from './UpstreamPools';

export interface UpstreamsSetup {
  readonly settings: UpstreamSettings;
  readonly addresses: AddressPolicy;
  readonly configuration: Configuration;
  readonly credentials: Credentials;
  readonly knex: Knex;
  readonly gatewayId: string;
  readonly log: Log;
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly random: () => number;
  readonly newId: () => string;
}

/** The way to deployments. */
export interface Upstreams {
  readonly router: DeploymentRouter;
  readonly pools: UpstreamPools;
  /** From now on the states of deployments are reported, and those that are down are probed. */
  watch(): void;
  close(): Promise<void>;
}

/** Puts together what picks deployments, what connects to them, and what keeps an eye on them; follows the configuration. */
export function openUpstreams(setup: UpstreamsSetup): Upstreams {
  const { configuration, credentials, knex, log, now, monotonic } = setup;
  const router = DeploymentRouter.create(setup);
  const pools = UpstreamPools.create(setup);
  configuration.onChange(() => {
    pools.retain(originsOf(configuration));
    if (configuration.snapshot) router.apply(configuration.snapshot);
  });
  const { healths } = router;
  let reporter: StateReporter | undefined;
  let prober: Prober | undefined;
  return {
    router,
    pools,
    watch: () => {
      reporter = StateReporter.start({
        gatewayId: setup.gatewayId,
        healths,
        store: DatabaseDeploymentStateStore.create({ knex }),
        now,
        monotonic,
        log,
      });
      prober = Prober.start({
        healths,
        store: DatabaseProbeStore.create({ knex }),
        probe: deploymentId =>
          probeDeployment(deploymentId, {
            snapshot: () => configuration.snapshot,
            credentials,
            upstreams: pools,
            now,
            newId: setup.newId,
          }),
        monotonic,
        log,
      });
    },
    close: async () => {
      await prober?.stop();
      await reporter?.stop();
      await pools.close();
    },
  };
}

function originsOf({ snapshot }: Configuration): ReadonlySet<string> {
  const origins = new Set<string>();
  for (const model of snapshot?.models.values() ?? []) {
    for (const { provider } of model.deployments) origins.add(provider.origin);
  }
  return origins;
}
