/**
 * What it costs a request to be told of, when it is not traced: processor time and memory.
 *
 * ```
 * yarn workspace @ai-gateway/gateway bench:telemetry > /dev/null
 * ```
 *
 * Lines of the log go to standard output, figures to standard error.
 */
import { costOf, type Cost } from '../testing/cost';
import { testTelemetry } from '../testing/testTelemetry';
import { TEST_RESULT, testAttempt, testKey } from '../testing/testAttempt';
import { testExchange } from '../testing/testExchange';
import { randomFillSync } from 'node:crypto';
import { createUuidV7 } from '../ids/createUuidV7';
import { settledEvent } from '../metering/usageEvent';
import { AccessLog } from './AccessLog';
import { createLog } from './log';
import { NO_TRACE } from './tracing/RequestTrace';

const monotonic = () => performance.now();
const requests = Array.from({ length: 20 }, (_, n) => {
  const key = testKey(n);
  const attempt = testAttempt(key);
  const event = settledEvent(attempt, TEST_RESULT);
  return { exchange: testExchange(key), attempt, event };
});
const stage = (n: number, i: number) => n + i;
const requestOf = (n: number) => requests[n % requests.length];

function print(name: string, { microseconds, bytes }: Cost): void {
  process.stderr.write(
    `${name}: ${microseconds.toFixed(2)} µs, ${bytes.toFixed(0)} bytes\n`,
  );
}

async function main(): Promise<void> {
  const telemetry = testTelemetry();
  print(
    'metrics',
    await costOf(n => {
      const { exchange, attempt, event } = requestOf(n);
      telemetry.requestBegan(exchange);
      telemetry.attemptEnded(attempt, event);
      telemetry.requestEnded(exchange);
    }),
  );
  const log = createLog('info');
  const access = AccessLog.create({ log, monotonic });
  print(
    'access log',
    await costOf(n => access.write(requestOf(n).exchange), {
      drained: () => new Promise(resolve => log.flush(() => resolve())),
    }),
  );
  print(
    'seven stages that are not traced',
    await costOf(n => {
      for (let i = 0; i < 7; i++) NO_TRACE.stage('receive', stage, n, i);
    }),
  );
  const newId = createUuidV7(Date.now, randomFillSync);
  const ids = new Set<string>();
  print(
    'three ids, each looked up',
    await costOf(
      () => ids.has(newId()) || ids.has(newId()) || ids.has(newId()),
    ),
  );
  process.exit(0);
}

main().catch(error => {
  process.stderr.write(`${error}\n`);
  process.exitCode = 1;
});
