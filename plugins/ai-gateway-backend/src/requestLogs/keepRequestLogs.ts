import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  DatabaseRequestLogStore,
  type RequestLogStore,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Knex } from 'knex';

const DAY = 86_400_000;

/**
 * Makes what the store of request logs needs for the time to come, and removes what is older than it is to be kept: from the plugin's
 * own database too when the store is another, as what was logged there before is to be kept no longer for that.
 *
 * Run now and then: when the store is away, the next run makes up for it.
 */
export async function keepRequestLogs(options: {
  store: Pick<RequestLogStore, 'ensureSchema' | 'dropBefore'>;
  /** The database of the plugin. */
  knex: Knex;
  retentionDays: number;
  logger: LoggerService;
  /** Milliseconds since the epoch. */
  now: number;
}): Promise<void> {
  const { store, knex, retentionDays, logger, now } = options;
  const drop = async (from: Pick<RequestLogStore, 'dropBefore'>) => {
    const dropped = await from.dropBefore(now - retentionDays * DAY);
    if (dropped.months > 0 || dropped.rows > 0) {
      logger.info(
        `Request logs older than ${retentionDays} days are gone: ${dropped.months} months and ${dropped.rows} records`,
      );
    }
  };
  // First, so that a store that is away does not keep these.
  if (!(store instanceof DatabaseRequestLogStore)) {
    await drop(DatabaseRequestLogStore.create({ knex, now: () => now }));
  }
  await store.ensureSchema();
  await drop(store);
}
