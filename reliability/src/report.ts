import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Check, Figure } from './Findings';
import { packageFolder } from './rig/nodeProgram';
import type { Form } from './Scenario';

/** Where reports and the logs of what was started go. */
export const REPORTS = packageFolder('.data/reports');

/** How one scenario went. */
export interface Result {
  readonly scenario: string;
  readonly form: Form;
  readonly seed: number;
  readonly state: 'passed' | 'failed' | 'not run';
  /** Why it was not run, or what it broke down with. */
  readonly reason: string | null;
  readonly startedAt: string;
  readonly seconds: number;
  readonly figures: Readonly<Record<string, Figure>>;
  readonly checks: readonly Check[];
}

/** Writes a report of one scenario, and one of the whole run for whoever counts. */
export async function writeReports(results: readonly Result[]): Promise<void> {
  const machine = {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpus: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    memoryBytes: totalmem(),
  };
  const directory = join(REPORTS, 'reliability');
  await mkdir(directory, { recursive: true });
  for (const result of results) {
    await writeFile(
      join(directory, `${result.scenario}-${result.form}.json`),
      `${JSON.stringify({ machine, ...result }, null, 2)}\n`,
    );
  }
  await writeFile(
    join(REPORTS, 'reliability.json'),
    `${JSON.stringify({ machine, results }, null, 2)}\n`,
  );
}

/** The lines that a person reads. */
export function describeResult(result: Result): string[] {
  const width = Math.max(0, ...Object.keys(result.figures).map(n => n.length));
  return [
    ...Object.entries(result.figures).map(
      ([name, value]) => `  ${name.padEnd(width)}  ${value}`,
    ),
    ...result.checks.map(({ claim, held, detail }) =>
      held ? `  ✔ ${claim}` : `  ✖ ${claim}: ${detail}`,
    ),
    ...(result.reason === null ? [] : [`  ${result.reason}`]),
    `${verdict(result)} ${result.scenario} (${result.form}, seed ${result.seed}) after ${result.seconds} s`,
  ];
}

function verdict({ state }: Result): string {
  switch (state) {
    case 'passed':
      return 'PASS';
    case 'failed':
      return 'FAIL';
    case 'not run':
      return 'NOT RUN';
    default: {
      const impossible: never = state;
      throw new TypeError(`Unknown: ${impossible}`);
    }
  }
}
