import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';

/** What one of many operations takes. */
export interface Cost {
  /** Of the processor, in all threads of this process: others may be at work on the machine. */
  readonly microseconds: number;
  readonly bytes: number;
}

/**
 * Measures what an operation takes, as part of a busy event loop: several of them come in each of its turns.
 *
 * @param run - the operation, told its number
 * @param options - `drained`: what is to be waited for at the end, since it belongs to what is measured
 */
export async function costOf(
  run: (n: number) => unknown,
  {
    rounds = 100_000,
    perTurn = 40,
    drained = async () => {},
  }: {
    readonly rounds?: number;
    readonly perTurn?: number;
    readonly drained?: () => Promise<void>;
  } = {},
): Promise<Cost> {
  const runAll = async (count: number, everyTurn: () => void) => {
    for (let n = 0; n < count; n++) {
      run(n);
      if (n % perTurn === perTurn - 1) {
        everyTurn();
        await turn();
      }
    }
    await drained();
  };
  await runAll(rounds / 5, () => undefined);
  const before = process.cpuUsage();
  await runAll(rounds, () => undefined);
  const { user, system } = process.cpuUsage(before);

  // In a pass of its own, as looking costs.
  const counted = rounds / 5;
  let last = getHeapStatistics().used_heap_size;
  let bytes = 0;
  await runAll(counted, () => {
    const now = getHeapStatistics().used_heap_size;
    // What is collected between two looks is missed, and is little.
    bytes += Math.max(0, now - last);
    last = now;
  });
  return {
    microseconds: (user + system) / rounds,
    bytes: bytes / counted,
  };
}

/** Processor time of all processes of a server on this machine, in microseconds. */
export function childrenCpuUs(parent: number): number {
  let nanoseconds = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      if (parentOf(Number(name)) !== parent) continue;
      const spent = readFileSync(`/proc/${name}/schedstat`, 'utf8');
      nanoseconds += Number(spent.split(' ')[0]);
    } catch {
      // It has ended meanwhile.
    }
  }
  return nanoseconds / 1_000;
}

/** The parent of a process on this machine. */
export function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name, in parentheses, may hold anything; the parent is the second field behind it.
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}
