import { parseKnobs } from './knobs';

describe('parseKnobs', () => {
  it('reads what is set and leaves out the rest', () => {
    expect(
      parseKnobs({
        'x-sim-first-token-ms': '12.5',
        'x-sim-completion-tokens': '40',
      }),
    ).toEqual({
      ok: true,
      knobs: { firstTokenMs: 12.5, completionTokens: 40 },
    });
  });

  it('takes a pace of 0 for no pace', () => {
    expect(parseKnobs({ 'x-sim-tokens-per-second': '0' })).toEqual({
      ok: true,
      knobs: { tokensPerSecond: Infinity },
    });
  });

  it.each([
    ['x-sim-first-token-ms', '-1'],
    ['x-sim-first-token-ms', 'soon'],
    ['x-sim-tokens-per-chunk', '0'],
    ['x-sim-completion-tokens', '1.5'],
    ['x-sim-cached-tokens', ''],
  ])('refuses %s: %s', (header, value) => {
    expect(parseKnobs({ [header]: value })).toMatchObject({
      ok: false,
      header,
    });
  });
});
