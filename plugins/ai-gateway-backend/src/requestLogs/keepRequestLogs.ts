import type { LoggerService } from '@backstage/backend-plugin-api';
import type { RequestLogStore } from '@ai-gateway/backstage-plugin-ai-gateway-node';

const DAY = 86_400_000;

/**
 * Makes what the store of request logs needs for the time to come, and removes what is older than it is to be kept.
 *
 * Run now and then: when the store is away, the next run makes up for it.
 */
export async function keepRequestLogs(options: {
  store: Pick<RequestLogStore, 'ensureSchema' | 'dropBefore'>;
  retentionDays: number;
  logger: LoggerService;
  /** Milliseconds since the epoch. */
  now: number;
}): Promise<void> {
  const { store, retentionDays, logger, now } = options;
  await store.ensureSchema();
  const dropped = await store.dropBefore(now - retentionDays * DAY);
  if (dropped.months > 0 || dropped.rows > 0) {
    logger.info(
      `Request logs older than ${retentionDays} days are gone: ${dropped.months} months and ${dropped.rows} records`,
    );
  }
}
