import { formatPrice } from './formatPrice';

describe('formatPrice', () => {
  it.each([
    ['2', '$2.00'],
    ['0.6', '$0.60'],
    ['0.175', '$0.175'],
    ['0.000000001', '$0.000000001'],
    ['1234.5', '$1,234.50'],
    ['0', '$0.00'],
    // Beyond what a double holds exactly.
    ['999999.999999999', '$999,999.999999999'],
  ])('writes %s as %s', (usd, written) => {
    expect(formatPrice(usd, 'en')).toBe(written);
  });
});
