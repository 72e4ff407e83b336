import {
  chmod,
  mkdir,
  readdir,
  readFile,
  rm,
  rmdir,
  stat,
  writeFile,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../__testUtils__/eventually';
import { makeSpoolDirectory } from '../../__testUtils__/startTestGateway';
import { testEvent } from '../../__testUtils__/testEvent';
import { createLog } from '../../telemetry/log';
import { decodeEvent, encodeEvent, kindOfPayload } from '../eventCodec';
import { unmatchedIntents } from '../recover';
import { Spool } from './Spool';
import { SpoolLocked } from './SpoolLock';

const log = createLog('silent');
/** Everything can be read. */
const refuseLetter = async ({ reason }: { reason: string }) => {
  throw new Error(reason);
};
let opened = 0;
const openSpool = (directory: string, maxSegmentBytes: number = 1_000_000) => {
  opened += 1;
  return Spool.open({
    directory,
    log,
    now: Date.now,
    lockToken: `token-${opened}`,
    sync: 'always',
    maxSegmentBytes,
  });
};
/** Ids of the events that are read, up to the end; what has been read is dealt with. */
async function ship(spool: Spool): Promise<string[]> {
  const ids: string[] = [];
  for (let slice = await spool.next(); slice; slice = await spool.next()) {
    for (const payload of slice.payloads) {
      if (kindOfPayload(payload) === 'event') ids.push(decodeEvent(payload).id);
    }
    await spool.advance(slice);
  }
  return ids;
}
const event = (id: string) => encodeEvent('event', testEvent({ id }));
const intent = (id: string) => encodeEvent('intent', testEvent({ id }));
const id = (n: number) =>
  `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const segmentsIn = async (directory: string) =>
  (await readdir(directory)).filter(name => name.endsWith('.segment'));

describe('the spool', () => {
  it('gives back what was written, in order, to this process and to the next one', async () => {
    const directory = await makeSpoolDirectory();
    const first = await openSpool(directory);
    await Promise.all([1, 2, 3].map(n => first.spool.append(event(id(n)))));
    const slice = await first.spool.next();
    expect(slice?.payloads.map(p => decodeEvent(p))).toEqual(
      [1, 2, 3].map(n => testEvent({ id: id(n) })),
    );
    await first.spool.close();

    const second = await openSpool(directory);
    await second.spool.append(event(id(4)));
    expect(await ship(second.spool)).toEqual([1, 2, 3, 4].map(id));
    expect(await ship(second.spool)).toEqual([]);
    await second.spool.close();
  });

  it('goes on where it was, and deletes what is dealt with', async () => {
    const directory = await makeSpoolDirectory();
    const first = await openSpool(directory, 800);
    for (let n = 0; n < 12; n++) await first.spool.append(event(id(n)));
    expect((await segmentsIn(directory)).length).toBeGreaterThan(3);
    expect(await ship(first.spool)).toHaveLength(12);
    expect(await segmentsIn(directory)).toHaveLength(1);
    await first.spool.append(event(id(12)));
    await first.spool.close();

    const second = await openSpool(directory);
    expect(await ship(second.spool)).toEqual([id(12)]);
    await second.spool.close();
  });

  describe('whose segments were taken away once all was dealt with', () => {
    const takeAway = async (directory: string) => {
      for (const name of await segmentsIn(directory)) {
        await rm(join(directory, name));
      }
    };

    it('reads what comes into a segment of the same number', async () => {
      const directory = await makeSpoolDirectory();
      const first = await openSpool(directory);
      await Promise.all([1, 2, 3].map(n => first.spool.append(event(id(n)))));
      expect(await ship(first.spool)).toHaveLength(3);
      await first.spool.close();
      await takeAway(directory);

      const again = await openSpool(directory);
      await again.spool.append(event(id(4)));
      expect(await ship(again.spool)).toEqual([id(4)]);
      await again.spool.close();
    });

    it('reads it also after a process that died before it had read anything', async () => {
      const directory = await makeSpoolDirectory();
      for (const n of [1, 2]) {
        const { spool } = await openSpool(directory);
        await Promise.all(
          [1, 2, 3].map(m => spool.append(event(id(3 * n + m)))),
        );
        await ship(spool);
        await spool.close();
      }
      await takeAway(directory);

      const died = await openSpool(directory);
      await died.spool.append(event(id(10)));
      const position = join(directory, 'position.json');
      const asItDied = await readFile(position).catch(() => undefined);
      await died.spool.close();
      await rm(position);
      if (asItDied) await writeFile(position, asItDied);

      const next = await openSpool(directory);
      await next.spool.append(event(id(11)));
      expect(await ship(next.spool)).toEqual([id(10), id(11)]);
      await next.spool.close();
    });
  });

  it('knows which requests were under way when a process died, however many segments ago they began', async () => {
    const directory = await makeSpoolDirectory();
    const first = await openSpool(directory, 800);
    await first.spool.append(intent(id(100)));
    await first.spool.append(intent(id(101)));
    for (let n = 0; n < 12; n++) {
      await first.spool.append(intent(id(n)));
      await first.spool.append(event(id(n)));
      // What has been dealt with is deleted, and the open intents live on.
      await ship(first.spool);
    }
    await first.spool.append(event(id(101)));
    await ship(first.spool);
    expect(await segmentsIn(directory)).toHaveLength(1);
    await first.spool.close();

    const second = await openSpool(directory);
    const unmatched = await unmatchedIntents(second.left, refuseLetter);
    expect(unmatched.map(e => e.id)).toEqual([id(100)]);
    await second.spool.append(event(id(100)));
    await second.spool.close();

    const third = await openSpool(directory);
    expect(await unmatchedIntents(third.left, refuseLetter)).toEqual([]);
    await third.spool.close();
  });

  it('leaves a torn tail behind and goes on', async () => {
    const directory = await makeSpoolDirectory();
    const first = await openSpool(directory);
    await first.spool.append(event(id(1)));
    await first.spool.close();
    const [segment] = await segmentsIn(directory);
    await writeFile(
      join(directory, segment),
      Buffer.from('AGR1\x40\0\0\0half'),
      { flag: 'a' },
    );

    const second = await openSpool(directory);
    expect(await unmatchedIntents(second.left, refuseLetter)).toEqual([]);
    await second.spool.append(event(id(2)));
    expect(await ship(second.spool)).toEqual([id(1), id(2)]);
    await second.spool.close();
  });

  it('is for its own user only', async () => {
    const directory = await makeSpoolDirectory();
    await chmod(directory, 0o755);
    const { spool } = await openSpool(directory);
    await spool.append(event(id(1)));
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    const [segment] = await segmentsIn(directory);
    expect((await stat(join(directory, segment))).mode & 0o777).toBe(0o600);
    await spool.close();
  });

  it('is refused to a second gateway, and free again when the first has ended', async () => {
    const directory = await makeSpoolDirectory();
    const first = await openSpool(directory);
    await expect(openSpool(directory)).rejects.toThrow(SpoolLocked);
    await first.spool.close();
    const second = await openSpool(directory);
    await second.spool.close();
  });

  it.each([
    ['no process has the number', { pid: 2 ** 22 + 1, processStart: '1' }],
    ['a later process has the number', { pid: process.pid, processStart: '1' }],
  ])('is taken over from a holder that was killed: %s', async (_, holder) => {
    const directory = await makeSpoolDirectory();
    await writeFile(
      join(directory, 'lock.json'),
      JSON.stringify({ hostname: hostname(), token: 'x', ...holder }),
    );
    const { spool } = await openSpool(directory);
    await spool.append(event(id(1)));
    expect(await ship(spool)).toEqual([id(1)]);
    await spool.close();
  });

  it('says so when the disk refuses, keeps what it was given, and writes it once the disk takes it', async () => {
    const directory = await makeSpoolDirectory();
    // The next segment cannot be made where a directory is.
    const { spool } = await openSpool(directory, 1);
    await spool.append(event(id(1)));
    const inTheWay = join(directory, '000000000002.segment');
    await mkdir(inTheWay);
    const written = spool.append(event(id(2)));
    await eventually(() => spool.problem);
    await rmdir(inTheWay);
    await written;
    expect(spool.problem).toBeNull();
    expect(await ship(spool)).toEqual([id(1), id(2)]);
    await spool.close();
  });
});
