import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSpool, writeSpool } from './spoolRecords';

describe('records of a spool', () => {
  let directory: string;
  const records = ['first', 'second', 'third'].map(text => Buffer.from(text));
  const segment = () => join(directory, '000000000001.segment');

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'spool-records-'));
    await writeSpool(directory, records);
  });

  afterEach(() => rm(directory, { recursive: true }));

  it('come back as they were written', async () => {
    expect(await readSpool(directory)).toEqual(records);
  });

  it('are found behind a hole that a kill left', async () => {
    const bytes = await readFile(segment());
    const from = bytes.indexOf('second') - 12;
    bytes.fill(0, from, from + 12 + 'second'.length);
    await writeFile(segment(), bytes);

    expect(await readSpool(directory)).toEqual([records[0], records[2]]);
  });

  it('end where a kill cut the last one off', async () => {
    const bytes = await readFile(segment());
    await writeFile(segment(), bytes.subarray(0, -1));

    expect(await readSpool(directory)).toEqual(records.slice(0, 2));
  });
});
