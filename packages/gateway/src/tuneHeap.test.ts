import { execFileSync } from 'node:child_process';
import { tuneHeap } from './tuneHeap';

describe('tuneHeap', () => {
  const flagsFor = (...execArgv: string[]) => {
    const flags: string[] = [];
    tuneHeap({ execArgv, setFlags: flag => flags.push(flag) });
    return flags;
  };

  it('has no objects made old', () => {
    expect(flagsFor('--enable-source-maps')).toEqual([
      '--no-allocation-site-pretenuring',
    ]);
  });

  it.each([
    '--allocation-site-pretenuring',
    '--no-allocation-site-pretenuring',
    '--no_allocation_site_pretenuring',
    '--noallocation-site-pretenuring',
    '-allocation-site-pretenuring',
  ])('leaves it alone when Node was started with %s', flag => {
    expect(flagsFor('--enable-source-maps', flag)).toEqual([]);
  });

  it('sets what the V8 of this Node has', () => {
    // V8 itself only says on standard error that it does not know a flag.
    const options = execFileSync(process.execPath, ['--v8-options'], {
      encoding: 'utf8',
    });
    for (const flag of flagsFor()) {
      expect(options).toContain(`${flag.replace('--no-', '--')} `);
    }
  });
});
