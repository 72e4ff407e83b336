import { parseArguments } from './args';

const KNOWN = ['kill-9', 'soak'];

describe('parseArguments', () => {
  it('runs the short form unless told otherwise, and all when asked for all', () => {
    expect(parseArguments(['soak'], KNOWN)).toEqual({
      type: 'run',
      names: ['soak'],
      form: 'short',
      seed: null,
    });
    expect(parseArguments(['all', '--long', '--seed', '7'], KNOWN)).toEqual({
      type: 'run',
      names: [],
      form: 'long',
      seed: 7,
    });
  });

  it.each([
    [[]],
    [['nonsense']],
    [['soak', '--short', '--long']],
    [['soak', '--seed', 'x']],
    [['soak', '--what']],
  ])('refuses %j with the reason', args => {
    expect(parseArguments(args, KNOWN)).toMatchObject({
      type: 'invalid',
      reason: expect.any(String),
    });
  });
});
