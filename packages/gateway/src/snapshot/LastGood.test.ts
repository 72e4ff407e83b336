import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeSpoolDirectory } from '../__testUtils__/startTestGateway';
import { KeyTable } from '../keys/KeyTable';
import { compileRules } from '../rules/compileRule';
import type { RuleRow } from '../rules/RuleRow';
import { RuleTable } from '../rules/RuleTable';
import { createLog } from '../telemetry/log';
import { LastGood } from './LastGood';

const log = createLog('silent');
const rule: RuleRow = {
  table: 'limit',
  id: '1',
  subjectKind: 'project',
  subjectId: 'search',
  measure: 'tokens',
  window: 'day',
  amount: '9007199254740991',
  fraction: null,
  whenDegraded: null,
  degradedFraction: null,
  removed: false,
};

describe('LastGood', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await makeSpoolDirectory();
    const rules = new RuleTable();
    const compiled = compileRules([rule]);
    if (compiled.ok) rules.apply(compiled.rules);
    const lastGood = LastGood.create({ directory, log });
    const none = {
      providers: [],
      models: [],
      deployments: [],
      prices: [],
      projects: [],
      aliases: [],
      routes: [],
    };
    lastGood.keep({ revision: 7, ...none }, new KeyTable(), rules);
    await lastGood.close();
  });

  it('keeps limits, budgets and policies as they are', async () => {
    expect(await LastGood.create({ directory, log }).read()).toMatchObject({
      rows: { revision: 7 },
      rules: [rule],
    });
  });

  it('reads what a gateway kept of before there were any', async () => {
    await rm(join(directory, 'rules.jsonl'));
    expect(await LastGood.create({ directory, log }).read()).toMatchObject({
      rows: { revision: 7 },
      rules: [],
    });
  });

  it('uses nothing of what is damaged', async () => {
    const file = join(directory, 'rules.jsonl');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.slice(0, -10));
    expect(await LastGood.create({ directory, log }).read()).toBeUndefined();
  });
});
