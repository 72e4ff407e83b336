import type {
  LedgerStore,
  UsageEvent,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { eventually } from '../__testUtils__/eventually';
import { makeSpoolDirectory } from '../__testUtils__/startTestGateway';
import { testEvent } from '../__testUtils__/testEvent';
import { eventsOfRows } from './__testUtils__/eventsOfRows';
import { createLog } from '../telemetry/log';
import { DeadLetters } from './DeadLetters';
import { encodeEvent, encodeEventText } from './eventCodec';
import { LeftSpools } from './LeftSpools';
import { RecordBuffer } from './spool/RecordBuffer';
import { listSegments, segmentPath } from './spool/segments';
import { Spool } from './spool/Spool';

const log = createLog('silent');

describe('spools that are left', () => {
  let root: string;
  let booked: UsageEvent[];
  let isDown: boolean;
  const ledger: LedgerStore = {
    book: async events => {
      if (isDown) throw new Error('The database is down');
      booked.push(...events);
      return events.length;
    },
    bookRows: rows => ledger.book(eventsOfRows(rows)),
  };

  let deadLetters: DeadLetters;

  beforeEach(async () => {
    root = await makeSpoolDirectory();
    booked = [];
    isDown = false;
    deadLetters = await DeadLetters.open({ directory: root, log });
  });
  afterEach(() => deadLetters.close());

  const open = async (directory: string) => {
    await mkdir(directory, { recursive: true });
    const { spool } = await Spool.open({
      directory,
      log,
      lockToken: uuidv7(),
      now: Date.now,
      sync: 'always',
      maxSegmentBytes: 20_000,
    });
    return spool;
  };

  /** Leaves a spool behind, as a process does that is killed: one event, and one request under way. */
  async function leave(directory: string, requestId: string) {
    const spool = await open(directory);
    await spool.append(encodeEvent('event', testEvent({ requestId })));
    await spool.append(
      encodeEvent(
        'intent',
        testEvent({ requestId: `${requestId}-open`, outcome: 'truncated' }),
      ),
    );
    await spool.close();
  }

  const start = (inUse: readonly string[]) =>
    LeftSpools.start({
      root,
      inUse: new Set(inUse),
      ledger,
      deadLetters,
      newId: () => uuidv7(),
      log,
      now: Date.now,
    });

  const requests = () => booked.map(event => event.requestId).sort();

  it('are brought to the ledger and emptied, those in use left alone', async () => {
    await leave(root, 'alone');
    await leave(join(root, 'worker-1'), 'one');
    await leave(join(root, 'worker-3'), 'three');
    const left = start(['worker-1', 'worker-2']);
    await eventually(async () => {
      const segments = [
        ...(await listSegments(root)),
        ...(await listSegments(join(root, 'worker-3'))),
      ];
      return segments.length === 0;
    });
    expect(requests()).toEqual(['alone', 'alone-open', 'three', 'three-open']);
    expect(await listSegments(join(root, 'worker-1'))).not.toEqual([]);
    await left.stop();
    // Once more: there is nothing to do, and nothing is left behind.
    const again = start(['worker-1', 'worker-2']);
    await again.stop();
    expect(requests()).toHaveLength(4);
    expect(await readdir(root)).not.toContain('lock.json');
  });

  it('of workers are found by a gateway without any', async () => {
    await leave(join(root, 'worker-2'), 'two');
    await leave(root, 'own');
    const left = start([]);
    await eventually(() => booked.length === 2);
    expect(requests()).toEqual(['two', 'two-open']);
    await left.stop();
  });

  it('stay while the ledger is away', async () => {
    await leave(join(root, 'worker-2'), 'two');
    isDown = true;
    await start([]).stop();
    expect(await listSegments(join(root, 'worker-2'))).not.toEqual([]);
    isDown = false;
    const left = start([]);
    await eventually(() => booked.length === 2);
    await left.stop();
  });

  it('are brought over as earlier gateways wrote them, in JSON, and what is no event is put aside', async () => {
    const directory = join(root, 'worker-2');
    await mkdir(directory);
    const records = new RecordBuffer();
    const event = testEvent({ requestId: 'json', costNanoUsd: 2n ** 62n });
    records.add(`I${encodeEventText(event)}`);
    records.add(`E${encodeEventText(event)}`);
    records.add(`I${encodeEventText(testEvent({ requestId: 'json-open' }))}`);
    records.add('E{"id":"nonsense"}');
    // Under way, by its id, and more cannot be told of it.
    records.add(`I{"id":"${uuidv7()}","what":"ever"}`);
    await writeFile(
      segmentPath(directory, 1),
      records.bytes.subarray(0, records.length),
    );
    const left = start([]);
    await eventually(() => booked.length === 2);
    await left.stop();
    expect(requests()).toEqual(['json', 'json-open']);
    expect(booked).toContainEqual(event);
    expect(deadLetters.kept).toBe(2);
  });

  it('are left to whoever has them', async () => {
    const other = await open(join(root, 'worker-2'));
    await other.append(encodeEvent('event', testEvent()));
    const left = start([]);
    await left.stop();
    expect(booked).toEqual([]);
    await other.close();
  });
});
