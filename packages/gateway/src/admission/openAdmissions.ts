import type { Knex } from 'knex';
import type { RedisSettings } from '../config/RedisSettings';
import { systemClock } from '../limits/clock';
import { InProcessLimiter } from '../limits/InProcessLimiter';
import { openLimiter, type OpenLimiter } from '../limits/openLimiter';
import { ReplicaCount } from '../limits/ReplicaCount';
import { RuleChains } from '../rules/RuleChains';
import type { RuleTable } from '../rules/RuleTable';
import type { Log } from '../telemetry/log';
import { RepeatedWarning } from '../telemetry/RepeatedWarning';
import { Admissions } from './Admissions';
import { LedgerBalances } from './LedgerBalances';
import { LedgerSeeder } from './LedgerSeeder';

export interface AdmissionsSetup {
  readonly rules: RuleTable;
  /** `null`: this gateway counts for itself. */
  readonly redis: RedisSettings | null;
  readonly knex: Knex;
  /** Where the last count of gateways is kept. */
  readonly replicaCountPath: string;
  /** How many processes this gateway is. */
  readonly workers: number;
  /** Whether all usage that this gateway has recorded by now is in the ledger; waits for it. */
  readonly whenShipped: () => Promise<boolean>;
  readonly log: Log;
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly newId: () => string;
}

export interface OpenAdmissions {
  readonly admissions: Admissions;
  readonly limits: OpenLimiter & {
    /** How many gateways there are, by their reports. */
    readonly replicas: () => number;
  };
  readonly close: () => Promise<void>;
}

/** What is wrong when several count, each for itself. */
export function warnOfSeveral(count: number): string {
  return `${count} gateways each count limits for themselves, so that together they allow as many times as much: give them aiGateway.gateway.redis`;
}

/** Puts together all that admission stands on: rules, a limiter, and the ledger that the limiter is told by. */
export async function openAdmissions(
  setup: AdmissionsSetup,
): Promise<OpenAdmissions> {
  const { rules, redis, knex, replicaCountPath, workers, log } = setup;
  const warning = RepeatedWarning.create(setup);
  const replicaCount = await ReplicaCount.start({
    knex,
    path: replicaCountPath,
    atLeast: workers,
    onCount: count => {
      if (redis !== null) return;
      if (count > 1) warning.say(warnOfSeveral(count));
      else warning.over('One gateway again, which counts for itself');
    },
  });
  const replicas = () => replicaCount.count;
  const limits = await openLimiter({ redis, replicas, log });
  const { limiter } = limits;
  const admissions = Admissions.create({
    ...setup,
    chains: RuleChains.create({ table: rules }),
    limiter,
    store: redis === null ? 'local' : 'shared',
    blind: InProcessLimiter.create({ clock: systemClock }),
    replicas,
    seeder: LedgerSeeder.create({
      ...setup,
      balances: LedgerBalances.create({ knex }),
      limiter,
      // Alone, nobody else's usage can be on its way to the ledger.
      watch: redis !== null,
    }),
  });
  return {
    admissions,
    limits: { ...limits, replicas },
    close: async () => {
      await admissions.close();
      replicaCount.stop();
      limits.close();
    },
  };
}
