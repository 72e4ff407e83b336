import { setFlagsFromString } from 'node:v8';

interface Flag {
  /** As V8 calls it. */
  readonly name: string;
  readonly value: boolean | number;
  /** The first major version of Node whose V8 has it, of those that we run on. */
  readonly since: number;
}

/** For the reasons, in full, see `docs/adr/0021-requests-stay-young.md`. */
const FLAGS: readonly Flag[] = [
  // Objects are young when they are made, wherever in the code that is.
  { name: 'allocation-site-pretenuring', value: false, since: 22 },
  // A gateway that idles keeps the memory that it had taken when it was busy, first of all for young objects.
  { name: 'memory-reducer-favors-memory', value: false, since: 24 },
  // V8 lets the room for young objects grow by how much survives there, and of requests little does: it need not survive twice.
  { name: 'semi-space-growth-factor', value: 16, since: 22 },
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
  for (const { name, value, since } of FLAGS) {
    if (major >= since && !given.has(name)) setFlags(textOf(name, value));
  }
}

/** Of a flag in any of the forms that V8 takes. */
function nameOf(flag: string): string {
  return flag
    .split('=', 1)[0]
    .replaceAll('_', '-')
    .replace(/^--?(?:no-?)?/, '');
}

function textOf(name: string, value: boolean | number): string {
  if (typeof value === 'number') return `--${name}=${value}`;
  return value ? `--${name}` : `--no-${name}`;
}
