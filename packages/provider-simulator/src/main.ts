import { parseCli, USAGE } from './cli';
import { startProviderSimulator } from './server';

async function main(): Promise<void> {
  const cli = parseCli(process.argv.slice(2), process.env);
  if (cli.type === 'help') {
    process.stdout.write(USAGE);
    return;
  }
  if (cli.type === 'invalid') {
    process.stderr.write(`${cli.reason}\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  const simulator = await startProviderSimulator(cli.options);
  process.stdout.write(
    `Provider simulator listening on ${simulator.url} (OpenAI base URL ${simulator.url}/v1)\n`,
  );

  // Once: a second signal ends the process at once, as is its default.
  const stop = () => {
    simulator.close().catch(fail);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

function fail(error: unknown): void {
  process.stderr.write(
    `Provider simulator: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
}

main().catch(fail);
