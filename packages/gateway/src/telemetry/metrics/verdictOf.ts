import { ERRORS, type Blame } from '../../errors/registry';

/** What a request ended with, and whose doing it was: both of a short list. */
export interface Verdict {
  readonly code: string;
  readonly blame: Blame | 'none';
}

const FINE: Verdict = { code: 'none', blame: 'none' };
const HUNG_UP: Verdict = { code: 'client_hung_up', blame: 'client' };
const OTHER: Verdict = { code: 'other', blame: 'gateway' };
const BY_ERROR: ReadonlyMap<string, Verdict> = new Map(
  Object.entries(ERRORS).map(([code, { blame }]) => [code, { code, blame }]),
);

/** @param errorCode - of the registry, if anything went wrong */
export function verdictOf(
  errorCode: string | undefined,
  hungUp: boolean,
): Verdict {
  if (errorCode === undefined) return hungUp ? HUNG_UP : FINE;
  return BY_ERROR.get(errorCode) ?? OTHER;
}
