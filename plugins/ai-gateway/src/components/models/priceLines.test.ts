import { priceOf } from '../../__testUtils__/fixtures';
import { priceLines } from './priceLines';

describe('priceLines', () => {
  it('has a line for each amount that the price names, and none for the others', () => {
    expect(
      priceLines(
        priceOf('1.75', '14', { cachedInput: '0', perRequest: '0.01' }),
      ),
    ).toEqual([
      { label: 'Input', usd: '1.75', unit: 'per million tokens' },
      { label: 'Cached input', usd: '0', unit: 'per million tokens' },
      { label: 'Output', usd: '14', unit: 'per million tokens' },
      { label: 'Request', usd: '0.01', unit: 'per request' },
    ]);
  });
});
