import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArguments, USAGE } from './args';
import { describeResult, REPORTS, writeReports, type Result } from './report';
import { SCENARIOS } from './scenarios';
import type { Form, Scenario } from './Scenario';

const say = (line: string) => {
  process.stdout.write(`${line}\n`);
};

async function main(): Promise<number> {
  const parsed = parseArguments(
    process.argv.slice(2),
    SCENARIOS.map(({ name }) => name),
  );
  switch (parsed.type) {
    case 'help':
      say(USAGE);
      return 0;
    case 'list':
      for (const { name, title } of SCENARIOS) {
        say(`${name.padEnd(16)} ${title}`);
      }
      return 0;
    case 'invalid':
      process.stderr.write(`${parsed.reason}\n\n${USAGE}\n`);
      return 2;
    case 'run': {
      const { names, form } = parsed;
      const seed = parsed.seed ?? Math.floor(Math.random() * 1e9);
      return runAll(
        SCENARIOS.filter(({ name }) =>
          names.length === 0 ? true : names.includes(name),
        ),
        form,
        seed,
      );
    }
    default: {
      const impossible: never = parsed;
      throw new TypeError(`Unknown: ${JSON.stringify(impossible)}`);
    }
  }
}

async function runAll(
  scenarios: readonly Scenario[],
  form: Form,
  seed: number,
): Promise<number> {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => controller.abort());
  }
  const results: Result[] = [];
  for (const scenario of scenarios) {
    if (controller.signal.aborted) break;
    say(`\n━━ ${scenario.name}: ${scenario.title}`);
    const result = await runOne(scenario, form, seed, controller.signal);
    for (const line of describeResult(result)) say(line);
    results.push(result);
    await writeReports(results);
  }
  const count = (state: Result['state']) =>
    results.filter(result => result.state === state).length;
  const unfinished = scenarios.length - results.length;
  say(
    `\n${count('passed')} scenarios passed, ${count('failed')} failed, ${count('not run') + unfinished} not run`,
  );
  return count('failed') + unfinished === 0 ? 0 : 1;
}

async function runOne(
  scenario: Scenario,
  form: Form,
  seed: number,
  signal: AbortSignal,
): Promise<Result> {
  const startedAt = new Date();
  const base = {
    scenario: scenario.name,
    form,
    seed,
    startedAt: startedAt.toISOString(),
  };
  const seconds = () => Math.round((Date.now() - startedAt.getTime()) / 1000);
  const impossible = scenario.impossible?.() ?? null;
  if (impossible !== null) {
    return {
      ...base,
      state: 'not run',
      reason: impossible,
      seconds: 0,
      figures: {},
      checks: [],
    };
  }
  const logDirectory = join(REPORTS, 'reliability', scenario.name);
  await rm(logDirectory, { recursive: true, force: true });
  await mkdir(logDirectory, { recursive: true });
  try {
    const findings = await scenario.run({
      form,
      seed,
      signal,
      logDirectory,
      say: line => say(`  … ${line}`),
    });
    return {
      ...base,
      state: findings.passed && !signal.aborted ? 'passed' : 'failed',
      reason: signal.aborted ? 'It was told to end.' : null,
      seconds: seconds(),
      figures: findings.figures,
      checks: findings.checks,
    };
  } catch (error) {
    return {
      ...base,
      state: 'failed',
      reason:
        error instanceof Error ? (error.stack ?? error.message) : String(error),
      seconds: seconds(),
      figures: {},
      checks: [],
    };
  }
}

main().then(
  code => process.exit(code),
  error => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exit(1);
  },
);
