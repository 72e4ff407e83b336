#!/usr/bin/env node
// @ts-check
/**
 * `npm run bench`: the gateway beside others, on this machine, in one run. See `--help`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inRoot } from '../scripts/lib/paths.mjs';
import { prepare } from '../scripts/lib/prepare.mjs';
import {
  Refusal,
  dim,
  say,
  sayFailure,
  warn,
} from '../scripts/lib/terminal.mjs';
import { help, readOptions } from './lib/options.mjs';

const main = async () => {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    say(help);
    return 0;
  }
  if (process.platform !== 'linux') {
    throw new Refusal('This reads /proc, and so runs on Linux only.');
  }
  await prepare();
  const { onShutdownSignal } = await import('../scripts/lib/shutdown.mjs');
  const { BenchProcesses } = await import('./lib/processes.mjs');
  const { canPin, describeMachine } = await import('./lib/machine.mjs');
  const { memoryPace } = await import('./lib/memoryPace.mjs');
  const { startUpstream } = await import('./lib/upstream.mjs');
  const { runRounds } = await import('./lib/rounds.mjs');
  const { startSubjects } = await import('./lib/startSubjects.mjs');
  const { reportOf, writeDocument } = await import('./report/document.mjs');

  const pinned = options.pin && canPin;
  const directory = mkdtempSync(path.join(tmpdir(), 'ai-gateway-bench-'));
  const processes = new BenchProcesses(directory);
  process.once('exit', () => processes.kill());
  const signal = onShutdownSignal({
    onFirst: () => say(dim('\nEnding the benchmark.')),
    onInsisted: () => process.exit(130),
  });
  try {
    const memory = await memoryPace();
    const upstream = await startUpstream({
      processes,
      pinned,
      tokens: options.tokens,
      everyMs: options.everyMs,
      signal,
    });
    const { running, unavailable } = await startSubjects(options.only, {
      upstream,
      directory,
      peersDirectory: inRoot('.data', 'bench'),
      pinned,
      processes,
      signal,
    });
    const { figures, loadAverages } = await runRounds(
      running,
      { ...options, pin: pinned },
      signal,
    );
    const { only, skip, out, write, help: _, ...settings } = options;
    const results = {
      takenAt: new Date().toISOString().slice(0, 10),
      machine: { ...describeMachine(), memory },
      settings: { ...settings, pin: pinned },
      loadAverages,
      subjects: running.map(({ name, title, running: r }) => ({
        name,
        title,
        version: r.version,
        settings: r.settings,
        ...figures[name],
      })),
      unavailable,
    };
    const file = path.resolve(out ?? inRoot('.data', 'bench', 'results.json'));
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
    const report = reportOf(results);
    say(`\n${report}\n`);
    if (write) writeDocument(inRoot('docs', 'benchmarks.md'), report);
    say(dim(`All figures: ${path.relative(process.cwd(), file)}`));
    for (const { title, command, said } of unavailable) {
      warn(`${title} is not among them. ${command}: ${said}`);
    }
    return 0;
  } finally {
    await processes.stop();
    if (process.env.BENCH_KEEP) say(`Kept ${directory}`);
    else rmSync(directory, { recursive: true, force: true });
  }
};

main().then(
  code => process.exit(code),
  error => {
    sayFailure(error);
    process.exit(1);
  },
);
