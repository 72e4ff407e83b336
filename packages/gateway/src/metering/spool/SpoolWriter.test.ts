import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { eventually } from '../../__testUtils__/eventually';
import { makeSpoolDirectory } from '../../__testUtils__/startTestGateway';
import { readRecords } from './record';
import { SegmentFile } from './SegmentFile';
import { segmentPath } from './segments';
import { SpoolWriter, type SpoolWriterOptions } from './SpoolWriter';

const entry = (kind: 'intent' | 'event', id: string) => ({
  id,
  kind,
  payload: `${kind} ${id}`,
});

describe('SpoolWriter', () => {
  const { writeThrough } = SegmentFile.prototype;
  let directory: string;
  let writer: SpoolWriter;

  const open = (options: Partial<SpoolWriterOptions> = {}) =>
    SpoolWriter.open({
      directory,
      sync: 'always',
      firstSegment: 1,
      maxSegmentBytes: 1_000_000,
      ...options,
    });

  beforeEach(async () => {
    directory = await makeSpoolDirectory();
    writer = await open();
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await writer.close();
  });

  /** The next write to the disk does what it does, and is over only when that is. */
  const holdNextWrite = (until: Promise<void>) => {
    jest
      .spyOn(SegmentFile.prototype, 'writeThrough')
      .mockImplementationOnce(function held(
        this: SegmentFile,
        bytes,
        length,
        position,
        done,
      ) {
        writeThrough.call(this, bytes, length, position, error => {
          until.then(() => done(error), done);
        });
      });
  };

  /** A promise that is kept or broken from outside. */
  const makeGate = () => {
    let keep: () => void = () => undefined;
    let fail: (error: Error) => void = () => undefined;
    const promise = new Promise<void>((resolve, reject) => {
      keep = resolve;
      fail = reject;
    });
    return { promise, keep, fail };
  };

  const recordsIn = (bytes: Buffer) =>
    readRecords(bytes, true).payloads.map(payload => payload.toString());
  const onDisk = async () =>
    recordsIn(await readFile(segmentPath(directory, 1)));

  /** More than little, all in one turn of the event loop: an intent and an event of each. */
  const appendMany = (name: string) => {
    const entries = Array.from({ length: 40 }, (_, n) => `${name}${n}`).flatMap(
      id => [entry('intent', id), entry('event', id)],
    );
    return {
      payloads: entries.map(({ payload }) => payload),
      written: Promise.all(entries.map(one => writer.append(one))),
    };
  };

  it('writes at once while little comes', async () => {
    const writes = jest.spyOn(SegmentFile.prototype, 'writeThrough');
    const intent = writer.append(entry('intent', 'a'));
    expect(recordsIn(readFileSync(segmentPath(directory, 1)))).toEqual([
      'intent a',
    ]);
    expect(writes).not.toHaveBeenCalled();
    const event = writer.append(entry('event', 'a'));
    expect(writes).toHaveBeenCalledTimes(1);
    await Promise.all([intent, event]);
    expect(await onDisk()).toEqual(['intent a', 'event a']);
  });

  it('writes much in few groups, all of it and in order', async () => {
    const writes = jest.spyOn(SegmentFile.prototype, 'writeThrough');
    const first = appendMany('a');
    await first.written;
    const second = appendMany('b');
    await second.written;
    expect(await onDisk()).toEqual([...first.payloads, ...second.payloads]);
    expect(writes.mock.calls.length).toBeLessThan(10);
  });

  it('writes what comes thick and fast while the disk fails, once it works again', async () => {
    const gate = makeGate();
    holdNextWrite(gate.promise);
    const first = appendMany('a');
    await new Promise(resolve => setImmediate(resolve));
    const second = appendMany('b');
    gate.fail(new Error('the disk is gone'));
    await Promise.all([first.written, second.written]);
    expect(await onDisk()).toEqual([...first.payloads, ...second.payloads]);
  });

  it('has written all that came when it is closed in the midst of it', async () => {
    const { payloads, written } = appendMany('a');
    await writer.close();
    await written;
    expect(await onDisk()).toEqual(payloads);
    writer = await open({ firstSegment: 2 });
  });

  it('goes on in another segment when much comes and this one is full', async () => {
    await writer.close();
    writer = await open({ maxSegmentBytes: 100 });
    const first = appendMany('a');
    await first.written;
    const second = appendMany('b');
    await second.written;
    expect(writer.end.segment).toBeGreaterThan(1);
    const records = await Promise.all(
      Array.from({ length: writer.end.segment }, async (_, n) =>
        recordsIn(await readFile(segmentPath(directory, n + 1))),
      ),
    );
    // Intents that were open are copied to the next segment.
    expect(new Set(records.flat())).toEqual(
      new Set([...first.payloads, ...second.payloads]),
    );
    const events = records.flat().filter(text => text.startsWith('event'));
    expect(events).toHaveLength(80);
  });

  it('writes an intent while events are on their way to the disk', async () => {
    const gate = makeGate();
    holdNextWrite(gate.promise);
    const resolved: string[] = [];
    const append = (kind: 'intent' | 'event', id: string) =>
      writer.append(entry(kind, id)).then(() => resolved.push(id));
    const all = [append('event', 'a')];
    await eventually(async () => (await onDisk()).join() === 'event a');
    all.push(append('intent', 'b'), append('event', 'c'));
    await eventually(() => resolved.join() === 'b');
    // What stands before an intent in the file is there with it.
    all.push(append('intent', 'd'));
    await eventually(() => resolved.join() === 'b,d');
    const written = ['event a', 'intent b', 'event c', 'intent d'];
    expect(await onDisk()).toEqual(written);
    expect(writer.end.offset).toBe(0);
    expect(resolved).toEqual(['b', 'd']);
    gate.keep();
    await Promise.all(all);
    expect(await onDisk()).toEqual(written);
    expect(resolved.slice().sort()).toEqual(['a', 'b', 'c', 'd']);
    expect(writer.end.offset).toBe(
      (await readFile(segmentPath(directory, 1))).length,
    );
  });

  it('writes both again when the disk fails meanwhile, losing and doubling nothing', async () => {
    const gate = makeGate();
    holdNextWrite(gate.promise);
    const problems: Array<string | null> = [];
    writer.onState(problem => problems.push(problem));
    const event = writer.append(entry('event', 'a'));
    await eventually(async () => (await onDisk()).join() === 'event a');
    const intent = writer.append(entry('intent', 'b'));
    await eventually(
      async () => (await onDisk()).join() === 'event a,intent b',
    );
    gate.fail(new Error('the disk is gone'));
    await Promise.all([event, intent]);
    expect(await onDisk()).toEqual(['event a', 'intent b']);
    expect(problems).toEqual(['the disk is gone', null]);
  });

  describe('that syncs at intervals', () => {
    beforeEach(async () => {
      await writer.close();
      writer = await open({ sync: 'interval' });
    });

    it('has handed an event over before whoever appended it goes on, and waits for no disk', async () => {
      const gate = makeGate();
      holdNextWrite(gate.promise);
      await writer.append(entry('event', 'a'));
      await writer.append(entry('event', 'b'));
      expect(await onDisk()).toEqual(['event a', 'event b']);
      expect(writer.end.offset).toBe(0);
      gate.keep();
    });

    it('writes through to the disk fifty milliseconds after the last time what came meanwhile, and tells of it', async () => {
      const writes = jest.spyOn(SegmentFile.prototype, 'writeThrough');
      const durable = jest.fn();
      writer.onDurable(durable);
      const now = jest.spyOn(performance, 'now').mockReturnValue(1_000);
      await writer.append(entry('event', 'a'));
      await eventually(() => durable.mock.calls.length === 1);
      now.mockReturnValue(1_049);
      for (const id of ['b', 'c', 'd']) await writer.append(entry('event', id));
      expect(writes).toHaveBeenCalledTimes(1);
      now.mockReturnValue(1_050);
      await writer.synced();
      expect(durable).toHaveBeenCalledTimes(2);
      expect(writes).toHaveBeenCalledTimes(2);
      expect(writer.end.offset).toBe(
        (await readFile(segmentPath(directory, 1))).length,
      );
    });

    it('says once the disk has all that was acknowledged', async () => {
      await writer.synced();
      const gate = makeGate();
      holdNextWrite(gate.promise);
      await writer.append(entry('event', 'a'));
      const synced = jest.fn();
      const first = writer.synced().then(synced);
      await writer.append(entry('intent', 'b'));
      expect(synced).not.toHaveBeenCalled();
      gate.keep();
      await first;
      expect(await onDisk()).toContain('event a');
      await writer.append(entry('event', 'b'));
      await writer.synced();
      expect(writer.end.offset).toBe(
        (await readFile(segmentPath(directory, 1))).length,
      );
    });

    it('waits for the disk while that hangs', async () => {
      const gate = makeGate();
      holdNextWrite(gate.promise);
      await writer.append(entry('event', 'a'));
      const later = performance.now() + 1_500;
      jest.spyOn(performance, 'now').mockReturnValue(later);
      const resolved = jest.fn();
      const event = writer.append(entry('event', 'b')).then(resolved);
      await writer.append(entry('intent', 'c'));
      expect(resolved).not.toHaveBeenCalled();
      jest.restoreAllMocks();
      gate.keep();
      await event;
      expect(writer.end.offset).toBe(
        (await readFile(segmentPath(directory, 1))).length,
      );
    });

    it('writes through what is left when it is closed', async () => {
      const writes = jest.spyOn(SegmentFile.prototype, 'writeThrough');
      await writer.append(entry('event', 'a'));
      await writer.append(entry('event', 'b'));
      await writer.close();
      expect(writer.end.offset).toBe(
        (await readFile(segmentPath(directory, 1))).length,
      );
      expect(writes).toHaveBeenCalledTimes(2);
      writer = await open({ sync: 'interval', firstSegment: 2 });
    });

    it('says so when the disk fails behind, acknowledges nothing more until it works, and then has all of it', async () => {
      const [first, second] = [makeGate(), makeGate()];
      holdNextWrite(first.promise);
      const writes = jest.mocked(SegmentFile.prototype.writeThrough);
      const problems: Array<string | null> = [];
      writer.onState(problem => problems.push(problem));
      await writer.append(entry('event', 'a'));
      first.fail(new Error('the disk is gone'));
      await eventually(() => problems.length === 1);
      holdNextWrite(second.promise);
      const resolved = jest.fn();
      await eventually(() => writes.mock.calls.length === 2);
      // What is on its way is being tried again, and may take its time over it.
      const later = writer.append(entry('event', 'b')).then(resolved);
      await writer.append(entry('intent', 'c'));
      expect(problems).toEqual(['the disk is gone']);
      expect(resolved).not.toHaveBeenCalled();
      second.keep();
      await later;
      expect(problems).toEqual(['the disk is gone', null]);
      const [before, again] = writes.mock.calls;
      expect(again.slice(1, 3)).toEqual(before.slice(1, 3));
      expect(await onDisk()).toEqual(['event a', 'event b', 'intent c']);
    });

    it('carries on in another segment when much comes while this one fills', async () => {
      await writer.close();
      writer = await open({ sync: 'interval', maxSegmentBytes: 10 });
      const gate = makeGate();
      holdNextWrite(gate.promise);
      await writer.append(entry('event', 'first'));
      const { payloads, written } = appendMany('a');
      const resolved = jest.fn();
      const all = written.then(resolved);
      await new Promise(resolve => setTimeout(resolve, 20));
      // It is full: what follows belongs to the next one.
      expect(await onDisk()).toEqual(['event first']);
      expect(resolved).not.toHaveBeenCalled();
      gate.keep();
      await all;
      await writer.synced();
      const records = await Promise.all(
        Array.from({ length: writer.end.segment }, async (_, n) =>
          recordsIn(await readFile(segmentPath(directory, n + 1))),
        ),
      );
      expect(records[0]).toEqual(['event first']);
      const later = records.slice(1).flat();
      expect(new Set(later)).toEqual(new Set(payloads));
      const events = later.filter(text => text.startsWith('event'));
      expect(events).toHaveLength(40);
    });
  });
});
