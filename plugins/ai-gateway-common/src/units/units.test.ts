import { formatCount } from './formatTokens';
import { formatLatency } from './formatDuration';
import { formatUsd } from './formatUsd';

describe('formatUsd', () => {
  it.each([
    ['0', '$0.00'],
    ['0.00031', '$0.00031'],
    ['0.000312', '$0.00031'],
    ['0.000000001', '$0.000000001'],
    ['0.0099', '$0.0099'],
    ['0.01', '$0.01'],
    ['0.0138', '$0.014'],
    ['0.0999', '$0.10'],
    ['0.1', '$0.10'],
    ['12.345', '$12.35'],
    ['1234567.8', '$1,234,567.80'],
    ['-0.5', '-$0.50'],
  ])('shows %s dollars as %s', (usd, shown) => {
    expect(formatUsd(usd, 'en-US')).toBe(shown);
  });

  it('does not round a large exact amount through a float', () => {
    expect(formatUsd('9007199254740993.25', 'en-US')).toBe(
      '$9,007,199,254,740,993.25',
    );
  });
});

describe('formatCount', () => {
  it.each([
    [0, '0'],
    [9_999, '9,999'],
    [1_243_000, '1.24M'],
  ])('shows %d as %s', (count, shown) => {
    expect(formatCount(count, 'en-US')).toBe(shown);
  });
});

describe('formatLatency', () => {
  it.each([
    [412.4, '412 ms'],
    [9_999, '9,999 ms'],
    [12_340, '12.3 sec'],
  ])('shows %d milliseconds as %s', (milliseconds, shown) => {
    expect(formatLatency(milliseconds, 'en-US')).toBe(shown);
  });
});
