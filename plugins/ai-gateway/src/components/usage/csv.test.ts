import Papa from 'papaparse';
import { exportFileName, rankingCsv, seriesCsv } from './csv';
import { rankGroups } from './ranking';
import { usageSeries } from './series';
import { figuresOf, reportOf } from './__testUtils__/usageReports';

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
    rankingCsv(rankGroups(report, usageSeries(report, 'cost'))),
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

it("names the file by what it holds and the reader's first and last day", () => {
  expect(
    exportFileName('cost-by-model', {
      from: '2030-01-30T23:00:00Z',
      to: '2030-02-06T23:00:00Z',
      timeZone: 'Europe/Berlin',
    }),
  ).toBe('ai-gateway-cost-by-model-2030-01-31-to-2030-02-06.csv');
});
