import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { LedgerBalances } from './admission/LedgerBalances';
import {
  rebuildCounters,
  type RebuiltCounters,
} from './admission/rebuildCounters';
import { loadConfig } from './config/loadConfig';
import { readRedisSettings } from './config/RedisSettings';
import { connectDatabase } from './database/connectDatabase';
import { systemClock } from './limits/clock';
import { connectForLimits } from './limits/openLimiter';
import { RedisLimiter } from './limits/redis/RedisLimiter';
import { compileRules } from './rules/compileRule';
import { readRuleRows } from './rules/readRuleRows';
import { createLog, type Log } from './telemetry/log';

const TIMEOUT_MS = 60_000;

/**
 * The command that rebuilds the counters of budgets and quotas from the ledger.
 *
 * @throws InputError when there is no Redis, or none that answers, or the configuration cannot be understood
 */
export async function runRebuildCounters(options: {
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
}): Promise<RebuiltCounters> {
  const { config, env, log } = options;
  const redis = readRedisSettings(config, env);
  if (!redis) {
    throw new InputError(
      'There is no aiGateway.gateway.redis. A gateway that counts in its own process rebuilds its counters whenever it is started',
    );
  }
  const database = await connectDatabase(config, log);
  const connection = connectForLimits(redis, log);
  try {
    if (!(await connection.ready)) {
      throw new InputError('Redis does not answer');
    }
    const { knex } = database;
    const rows = await knex.transaction(
      tx => readRuleRows(tx, -1, TIMEOUT_MS),
      { readOnly: true },
    );
    const compiled = compileRules(rows);
    if (!compiled.ok) throw new InputError(compiled.reason);
    return await rebuildCounters({
      rules: compiled.rules.flatMap(({ rule }) => (rule ? [rule] : [])),
      limiter: RedisLimiter.create({
        connection: connection.connection,
        clock: systemClock,
      }),
      balances: LedgerBalances.create({ knex }),
    });
  } finally {
    connection.connection.disconnect();
    await database.close();
  }
}

/** As a process of its own. */
export async function main(): Promise<void> {
  const log = createLog(process.env.LOG_LEVEL ?? 'info');
  try {
    const config = await loadConfig({ argv: process.argv, env: process.env });
    const rebuilt = await runRebuildCounters({ config, env: process.env, log });
    log.info(rebuilt, 'The counters say what the ledger says');
  } catch (error) {
    log.fatal(
      { err: error },
      error instanceof Error ? error.message : String(error),
    );
    process.exitCode = 1;
  }
}
