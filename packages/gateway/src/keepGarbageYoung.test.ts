import { execFileSync } from 'node:child_process';
import { keepGarbageYoung } from './keepGarbageYoung';

describe('keepGarbageYoung', () => {
  const flagsFor = (...execArgv: string[]) => {
    const flags: string[] = [];
    keepGarbageYoung(execArgv, flag => flags.push(flag));
    return flags;
  };

  it('sets the flag of V8', () => {
    expect(flagsFor('--enable-source-maps')).toEqual([
      '--no-allocation-site-pretenuring',
    ]);
  });

  it.each([
    '--allocation-site-pretenuring',
    '--no-allocation-site-pretenuring',
    '--no_allocation_site_pretenuring',
    '--noallocation-site-pretenuring',
  ])('leaves it alone when Node was started with %s', flag => {
    expect(flagsFor('--enable-source-maps', flag)).toEqual([]);
  });

  it('is a flag of the V8 of this Node', () => {
    // V8 itself only says on standard error that it does not know a flag.
    const options = execFileSync(process.execPath, ['--v8-options'], {
      encoding: 'utf8',
    });
    expect(options).toContain('--allocation-site-pretenuring ');
  });
});
