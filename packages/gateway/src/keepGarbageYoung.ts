import { setFlagsFromString } from 'node:v8';

const FLAG = 'allocation-site-pretenuring';

/**
 * Has V8 make every object young.
 *
 * By itself it makes objects old from the start at places in the code whose objects were seen to live long. With many requests under way at
 * once that is seen of all that a request is made of; from then on nothing of any request is collected with the young garbage, and neither is
 * what such objects point to. See `docs/adr/0021-requests-stay-young.md`.
 *
 * @param execArgv - what Node was started with: whoever set the flag there is left alone
 */
export function keepGarbageYoung(
  execArgv: readonly string[] = process.execArgv,
  setFlags: (flags: string) => void = setFlagsFromString,
): void {
  const isSet = execArgv.some(
    flag => flag.replaceAll('_', '-').replace(/^--(?:no-?)?/, '') === FLAG,
  );
  if (!isSet) setFlags(`--no-${FLAG}`);
}
