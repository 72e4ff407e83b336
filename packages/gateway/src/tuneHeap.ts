import { setFlagsFromString } from 'node:v8';

const PRETENURING = 'allocation-site-pretenuring';

export interface Tuning {
  /** What Node was started with: a flag that is set there is left alone. */
  readonly execArgv: readonly string[];
  readonly setFlags: (flags: string) => void;
}

const THIS_NODE: Tuning = {
  execArgv: process.execArgv,
  setFlags: setFlagsFromString,
};

/**
 * Sets V8 up for many short requests: objects are young when they are made, wherever in the code that is. For the reasons, in full, see
 * `docs/adr/0021-requests-stay-young.md`.
 */
export function tuneHeap({ execArgv, setFlags }: Tuning = THIS_NODE): void {
  if (!execArgv.some(flag => nameOf(flag) === PRETENURING)) {
    setFlags(`--no-${PRETENURING}`);
  }
}

/** Of a flag of V8, in any of the forms that it takes. */
function nameOf(flag: string): string {
  return flag.replaceAll('_', '-').replace(/^--?(?:no-?)?/, '');
}
