import { execFileSync } from 'node:child_process';
import { tuneHeap } from './tuneHeap';

const PRETENURING = '--no-allocation-site-pretenuring';
const REDUCER = '--no-memory-reducer-favors-memory';
const GROWTH = '--semi-space-growth-factor=16';

describe('tuneHeap', () => {
  const flagsFor = (...execArgv: string[]) => {
    const flags: string[] = [];
    tuneHeap(execArgv, flag => flags.push(flag));
    return flags;
  };

  it('sets flags of V8', () => {
    expect(flagsFor('--enable-source-maps')).toEqual([
      PRETENURING,
      REDUCER,
      GROWTH,
    ]);
  });

  it.each([
    '--allocation-site-pretenuring',
    '--no-allocation-site-pretenuring',
    '--no_allocation_site_pretenuring',
    '--noallocation-site-pretenuring',
  ])('leaves one alone when Node was started with %s', flag => {
    expect(flagsFor('--enable-source-maps', flag)).toEqual([REDUCER, GROWTH]);
  });

  it('leaves one alone that Node was started with in one word, with its value', () => {
    expect(flagsFor('--semi_space_growth_factor=2')).toEqual([
      PRETENURING,
      REDUCER,
    ]);
  });

  it.each([PRETENURING, REDUCER, GROWTH])(
    'sets what the V8 of this Node knows: %s',
    flag => {
      // V8 itself only says on standard error that it does not know a flag.
      const options = execFileSync(process.execPath, ['--v8-options'], {
        encoding: 'utf8',
      });
      const name = flag.replace('--no-', '--').split('=')[0];
      expect(options).toContain(`${name} `);
    },
  );
});
