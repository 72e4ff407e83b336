import { setFlagsFromString } from 'node:v8';

/** Names of V8's flags, and what they are set to; for the reasons see `docs/adr/0021-requests-stay-young.md`. */
const FLAGS: Readonly<Record<string, boolean | number>> = {
  /** Objects are young when they are made, wherever in the code that is. */
  'allocation-site-pretenuring': false,
  /** A gateway that idles keeps the room that it had made for young objects when it was busy. */
  'memory-reducer-favors-memory': false,
  /** That room grows from its least to its most in two steps: V8 lets it grow by how much survives, and of requests little does. */
  'semi-space-growth-factor': 16,
};

/**
 * Sets V8 up for many short requests.
 *
 * @param execArgv - what Node was started with: a flag that is set there is left alone
 */
export function tuneHeap(
  execArgv: readonly string[] = process.execArgv,
  setFlags: (flags: string) => void = setFlagsFromString,
): void {
  const given = new Set(execArgv.map(nameOf));
  for (const [name, value] of Object.entries(FLAGS)) {
    if (!given.has(name)) setFlags(textOf(name, value));
  }
}

/** Of a flag in any of the forms that V8 takes. */
function nameOf(flag: string): string {
  return flag
    .split('=', 1)[0]
    .replaceAll('_', '-')
    .replace(/^--(?:no-?)?/, '');
}

function textOf(name: string, value: boolean | number): string {
  if (typeof value === 'number') return `--${name}=${value}`;
  return value ? `--${name}` : `--no-${name}`;
}
