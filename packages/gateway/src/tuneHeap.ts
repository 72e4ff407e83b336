import { setFlagsFromString } from 'node:v8';

interface Flag {
  /** As V8 takes it. */
  readonly flag: string;
  /** The first major version of Node whose V8 has it, of those that we run on. */
  readonly since: number;
}

/** For the reasons, in full, see `docs/adr/0021-requests-stay-young.md`. */
const FLAGS: readonly Flag[] = [
  // Objects are young when they are made, wherever in the code that is.
  { flag: '--no-allocation-site-pretenuring', since: 22 },
  // A gateway that idles keeps the memory that it had taken when it was busy, first of all for young objects.
  { flag: '--no-memory-reducer-favors-memory', since: 24 },
  // The room for young objects grows only once as much as it has room for has survived there, which of requests takes long: so it is to grow far.
  { flag: '--semi-space-growth-factor=16', since: 22 },
];

export interface Tuning {
  /** What Node was started with: a flag that is set there is left alone. */
  readonly execArgv: readonly string[];
  /** Of Node, such as `24.1.0`. */
  readonly version: string;
  readonly setFlags: (flags: string) => void;
}

const THIS_NODE: Tuning = {
  execArgv: process.execArgv,
  version: process.versions.node,
  setFlags: setFlagsFromString,
};

/** Sets V8 up for many short requests. */
export function tuneHeap({
  execArgv,
  version,
  setFlags,
}: Tuning = THIS_NODE): void {
  const given = new Set(execArgv.map(nameOf));
  const major = Number.parseInt(version, 10);
  for (const { flag, since } of FLAGS) {
    if (major >= since && !given.has(nameOf(flag))) setFlags(flag);
  }
}

/** Of a flag in any of the forms that V8 takes. */
function nameOf(flag: string): string {
  return flag
    .split('=', 1)[0]
    .replaceAll('_', '-')
    .replace(/^--?(?:no-?)?/, '');
}
