import {
  applyMigrations,
  DatabaseLedgerStore,
  type LedgerStore,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { eventually } from '../__testUtils__/eventually';
import { makeSpoolDirectory } from '../__testUtils__/startTestGateway';
import { testEvent } from '../__testUtils__/testEvent';
import { createLog } from '../telemetry/log';
import { bookDeadLetters } from './bookDeadLetters';
import { DeadLetters } from './DeadLetters';
import { encodeEvent } from './eventCodec';
import { Shipper } from './Shipper';
import { Spool } from './spool/Spool';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
const log = createLog('silent');

describe('the shipper', () => {
  let knex: Knex;
  let directory: string;
  let spool: Spool;
  let deadLetters: DeadLetters;

  beforeEach(async () => {
    knex = await databases.init('POSTGRES_18');
    await applyMigrations(knex);
    directory = await makeSpoolDirectory();
    ({ spool } = await Spool.open({
      directory,
      log,
      lockToken: 'test',
      now: Date.now,
      sync: 'always',
      maxSegmentBytes: 20_000,
    }));
    deadLetters = await DeadLetters.open({ directory, log });
  });
  afterEach(async () => {
    deadLetters.close();
    await spool.close();
  });

  const start = (ledger: LedgerStore) =>
    Shipper.start({ spool, ledger, deadLetters, log, now: Date.now });
  const count = async () =>
    Number((await knex('usage_events').count())[0].count);

  it('has what is durable in the ledger within two hundred milliseconds and a query', async () => {
    const shipper = start(DatabaseLedgerStore.create({ knex }));
    await spool.append(encodeEvent('event', testEvent()));
    await eventually(async () => (await count()) === 1, { withinMs: 1_000 });
    await shipper.stop(1_000);
  });

  it('has in the ledger all that was acknowledged, once it says so, where that is synced later', async () => {
    const other = await makeSpoolDirectory();
    const { spool: later } = await Spool.open({
      directory: other,
      log,
      lockToken: 'other',
      now: Date.now,
      sync: 'interval',
      maxSegmentBytes: 1_000_000,
    });
    const ledger = DatabaseLedgerStore.create({ knex });
    const options = { ledger, deadLetters, log, now: Date.now };
    const shipper = Shipper.start({ spool: later, ...options });
    try {
      for (const event of [testEvent(), testEvent(), testEvent()]) {
        await later.append(encodeEvent('event', event));
      }
      expect(await shipper.whenShipped()).toBe(true);
      expect(await count()).toBe(3);
    } finally {
      await shipper.stop(1_000);
      await later.close();
    }
  });

  it('has events gather for longer once several come at a time', async () => {
    const ledger = DatabaseLedgerStore.create({ knex });
    const bookedAt: number[] = [];
    const shipper = start({
      book: events => ledger.book(events),
      bookRows: async rows => {
        bookedAt.push(performance.now());
        return ledger.bookRows(rows);
      },
    });
    const append = () => spool.append(encodeEvent('event', testEvent()));
    await Promise.all(Array.from({ length: 8 }, append));
    await eventually(async () => (await count()) === 8);
    await shipper.whenShipped();
    const batches = bookedAt.length;
    const cameAt = performance.now();
    await append();
    await eventually(() => bookedAt.length > batches);
    expect(bookedAt[batches] - cameAt).toBeGreaterThan(400);
    await shipper.stop(1_000);
  });

  it('puts aside what the ledger can never take, and books everything else', async () => {
    const poison = [
      testEvent({ requestId: 'too-large', costNanoUsd: 2n ** 63n }),
      testEvent({ requestId: 'zero\u0000byte' }),
    ];
    const sound = Array.from({ length: 60 }, (_, n) =>
      testEvent({ requestId: `sound-${n}` }),
    );
    const all = [
      ...sound.slice(0, 17),
      poison[0],
      ...sound.slice(17),
      poison[1],
    ];
    await Promise.all(
      all.map(event => spool.append(encodeEvent('event', event))),
    );
    const shipper = start(DatabaseLedgerStore.create({ knex }));
    await eventually(async () => (await count()) === sound.length);
    await spool.append(encodeEvent('event', testEvent()));
    await eventually(async () => (await count()) === sound.length + 1);
    const letters = (
      await readFile(join(directory, 'dead-letter.jsonl'), 'utf8')
    )
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(letters.map(({ event }) => JSON.parse(event).id)).toEqual(
      poison.map(({ id }) => id),
    );
    await shipper.stop(1_000);
    expect(deadLetters.kept).toBe(2);
    expect(shipper.stats()).toMatchObject({ deadLetters: 2, failing: false });
  });

  it('puts aside once what nobody can read, however often the ledger is tried before', async () => {
    const ledger = DatabaseLedgerStore.create({ knex });
    let tries = 0;
    const shipper = start({
      book: events => ledger.book(events),
      bookRows: async rows => {
        tries += 1;
        if (tries <= 2) throw new Error('The database is down');
        return ledger.bookRows(rows);
      },
    });
    await Promise.all([
      spool.append(encodeEvent('event', testEvent())),
      spool.append({
        id: 'nonsense',
        kind: 'event',
        payload: 'E{"no":"event"}',
      }),
    ]);
    await eventually(async () => (await count()) === 1);
    await shipper.stop(1_000);
    expect(tries).toBe(3);
    expect(deadLetters.kept).toBe(1);
  });

  it('tells the next gateway of what was put aside, which a command books once it has been mended', async () => {
    const ledger = DatabaseLedgerStore.create({ knex });
    const poison = [
      testEvent({ requestId: 'mended\u0000' }),
      testEvent({ requestId: 'left\u0000' }),
    ];
    const shipper = start(ledger);
    for (const event of poison) {
      await spool.append(encodeEvent('event', event));
    }
    await eventually(() => deadLetters.kept === 2);
    await shipper.stop(1_000);

    const next = await DeadLetters.open({ directory, log });
    expect(next.kept).toBe(2);
    next.close();
    expect(await bookDeadLetters({ directory, ledger })).toMatchObject({
      booked: 0,
      refused: [expect.any(String), expect.any(String)],
    });

    const file = join(directory, 'dead-letter.jsonl');
    const text = await readFile(file, 'utf8');
    expect(text.trim().split('\n')).toHaveLength(2);
    const mended = text.replace('mended\\\\u0000', 'mended');
    expect(mended).not.toBe(text);
    await writeFile(file, mended);
    expect(await bookDeadLetters({ directory, ledger })).toEqual({
      booked: 1,
      known: 0,
      refused: [expect.any(String)],
    });
    // As after a run that was broken off before it had taken away what it had booked.
    await writeFile(`${file}.booking`, mended);
    expect(await bookDeadLetters({ directory, ledger })).toMatchObject({
      booked: 0,
      known: 1,
    });
    expect(
      (await knex('usage_events').select('request_id')).map(
        row => row.request_id,
      ),
    ).toEqual(['mended']);
  });

  it('books once what it brings again because it was not told that it had arrived', async () => {
    const real = DatabaseLedgerStore.create({ knex });
    let failures = 3;
    // The answer is lost, not the booking: what a connection that breaks at the wrong moment does.
    const forgetful: LedgerStore = {
      book: events => real.book(events),
      async bookRows(rows) {
        const booked = await real.bookRows(rows);
        if (failures > 0) {
          failures -= 1;
          throw new Error('the connection broke');
        }
        return booked;
      },
    };
    const events = Array.from({ length: 40 }, () =>
      testEvent({ id: uuidv7() }),
    );
    await Promise.all(
      events.map(event => spool.append(encodeEvent('event', event))),
    );
    const shipper = start(forgetful);
    await eventually(() => failures === 0);
    await shipper.stop(2_000);
    expect(await count()).toBe(events.length);
    expect(Number((await knex('usage_hourly').sum('requests'))[0].sum)).toBe(
      events.length,
    );
    expect(await spool.next()).toBeUndefined();
  });
});
