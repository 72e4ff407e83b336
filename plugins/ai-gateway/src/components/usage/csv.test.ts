import Papa from 'papaparse';
import { rankingCsv, seriesCsv } from './csv';
import { rankGroups } from './ranking';
import { usageSeries } from './series';
import { figuresOf, reportOf } from './testing';

const report = reportOf({
  'gpt-4o, large': [
    figuresOf({ requests: 2, costUsd: '0.000000001' }),
    figuresOf({ requests: 1, costUsd: '1234.5', tokens: { input: 7 } }),
  ],
  '=HYPERLINK("x")': [figuresOf(), figuresOf()],
});

it('writes the series as shown, exactly, with units', () => {
  expect(Papa.parse(seriesCsv(usageSeries(report, 'cost'))).data).toEqual([
    [
      'start',
      'end',
      'complete',
      'gpt-4o, large (USD)',
      '\'=HYPERLINK("x") (USD)',
      'Total (USD)',
    ],
    [
      '2030-01-31T08:00:00.000Z',
      '2030-01-31T09:00:00.000Z',
      'yes',
      '0.000000001',
      '0',
      '0.000000001',
    ],
    [
      '2030-01-31T09:00:00.000Z',
      '2030-01-31T10:00:00.000Z',
      'no',
      '1234.5',
      '0',
      '1234.5',
    ],
  ]);
});

it('writes the breakdown with every class of tokens, and no label that a spreadsheet would run', () => {
  const { data } = Papa.parse<Record<string, string>>(
    rankingCsv(rankGroups(report, 'cost')),
    { header: true },
  );
  expect(data[0]).toMatchObject({
    id: 'gpt-4o, large',
    requests: '3',
    'input (tokens)': '7',
    'cost (USD)': '1234.500000001',
    'mean latency (ms)': '',
  });
  expect(data[1].label).toBe('\'=HYPERLINK("x")');
});
