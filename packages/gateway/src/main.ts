import { createGateway, type RunningGateway } from './app';
import { loadConfig } from './config/loadConfig';
import { createLog } from './telemetry/log';

const log = createLog(process.env.LOG_LEVEL ?? 'info');

async function main(): Promise<void> {
  const config = await loadConfig({ argv: process.argv, env: process.env });
  const gateway = await createGateway({
    config,
    env: process.env,
    log,
    cwd: process.cwd(),
  });
  endOn('SIGTERM', gateway);
  endOn('SIGINT', gateway);
}

/** The first signal ends in good order, a second one at once. */
function endOn(signal: NodeJS.Signals, gateway: RunningGateway): void {
  process.once(signal, () => {
    log.info({ signal }, 'Told to end');
    gateway.close().then(() => end(0), fail);
  });
}

function fail(error: unknown): void {
  log.fatal(
    { err: error },
    error instanceof Error ? error.message : String(error),
  );
  end(1);
}

function end(code: number): void {
  log.flush(() => process.exit(code));
}

main().catch(fail);
