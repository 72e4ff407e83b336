import { DatabaseLedgerStore } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Config } from '@backstage/config';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readGatewaySettings } from './config/GatewaySettings';
import { loadConfig } from './config/loadConfig';
import { connectDatabase } from './database/connectDatabase';
import {
  bookDeadLetters,
  type BookedDeadLetters,
} from './metering/bookDeadLetters';
import { createLog, type Log } from './telemetry/log';

/** The command that books usage which the ledger once refused, after it has been mended: that of the gateway and of all its workers. */
export async function runBookDeadLetters(options: {
  readonly config: Config;
  readonly log: Log;
  /** What a relative spool directory is relative to. */
  readonly cwd: string;
}): Promise<BookedDeadLetters> {
  const { config, log, cwd } = options;
  const { spoolRoot } = readGatewaySettings(config, cwd, null);
  const below = await readdir(spoolRoot, { withFileTypes: true });
  const directories = [
    spoolRoot,
    ...below
      .filter(entry => entry.isDirectory())
      .map(({ name }) => join(spoolRoot, name)),
  ];
  const database = await connectDatabase(config, log);
  try {
    const ledger = DatabaseLedgerStore.create({ knex: database.knex });
    const results: BookedDeadLetters[] = [];
    for (const directory of directories) {
      results.push(await bookDeadLetters({ directory, ledger }));
    }
    return {
      booked: results.reduce((sum, { booked }) => sum + booked, 0),
      known: results.reduce((sum, { known }) => sum + known, 0),
      refused: results.flatMap(({ refused }) => refused),
    };
  } finally {
    await database.close();
  }
}

/** As a process of its own. */
export async function main(): Promise<void> {
  const log = createLog(process.env.LOG_LEVEL ?? 'info');
  try {
    const config = await loadConfig({ argv: process.argv, env: process.env });
    const result = await runBookDeadLetters({
      config,
      log,
      cwd: process.cwd(),
    });
    if (result.refused.length > 0) {
      log.error(result, 'Some usage events are refused still, and are kept');
      process.exitCode = 1;
    } else {
      log.info(result, 'No usage event is left that the ledger lacks');
    }
  } catch (error) {
    log.fatal(
      { err: error },
      error instanceof Error ? error.message : String(error),
    );
    process.exitCode = 1;
  }
}
