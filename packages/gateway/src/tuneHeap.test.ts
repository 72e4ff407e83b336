import { execFileSync } from 'node:child_process';
import { tuneHeap } from './tuneHeap';

const PRETENURING = '--no-allocation-site-pretenuring';
const REDUCER = '--no-memory-reducer-favors-memory';
const GROWTH = '--semi-space-growth-factor=16';

describe('tuneHeap', () => {
  const flagsFor = (version: string, ...execArgv: string[]) => {
    const flags: string[] = [];
    tuneHeap({ execArgv, version, setFlags: flag => flags.push(flag) });
    return flags;
  };

  it('sets flags of V8', () => {
    expect(flagsFor('24.1.0', '--enable-source-maps')).toEqual([
      PRETENURING,
      REDUCER,
      GROWTH,
    ]);
  });

  it('sets none that an older V8 does not have', () => {
    expect(flagsFor('22.12.0')).toEqual([PRETENURING, GROWTH]);
  });

  it.each([
    '--allocation-site-pretenuring',
    '--no-allocation-site-pretenuring',
    '--no_allocation_site_pretenuring',
    '--noallocation-site-pretenuring',
    '-allocation-site-pretenuring',
  ])('leaves one alone when Node was started with %s', flag => {
    expect(flagsFor('24.1.0', '--enable-source-maps', flag)).toEqual([
      REDUCER,
      GROWTH,
    ]);
  });

  it('leaves one alone that Node was started with and that has a value', () => {
    expect(flagsFor('24.1.0', '--semi_space_growth_factor=2')).toEqual([
      PRETENURING,
      REDUCER,
    ]);
  });

  it('sets what the V8 of this Node has', () => {
    // V8 itself only says on standard error that it does not know a flag.
    const options = execFileSync(process.execPath, ['--v8-options'], {
      encoding: 'utf8',
    });
    const flags = flagsFor(process.versions.node);
    expect(flags).toContain(PRETENURING);
    for (const flag of flags) {
      expect(options).toContain(
        `${flag.replace('--no-', '--').split('=')[0]} `,
      );
    }
  });
});
