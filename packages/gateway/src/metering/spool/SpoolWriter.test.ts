import { open, readFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../../__testUtils__/eventually';
import { makeSpoolDirectory } from '../../__testUtils__/startTestGateway';
import { readRecords } from './record';
import { segmentPath } from './segments';
import { SpoolWriter } from './SpoolWriter';

const entry = (kind: 'intent' | 'event', id: string) => ({
  id,
  kind,
  payload: Buffer.from(`${kind} ${id}`),
});

describe('SpoolWriter', () => {
  let directory: string;
  let writer: SpoolWriter;
  let prototype: FileHandle;

  beforeEach(async () => {
    directory = await makeSpoolDirectory();
    writer = await SpoolWriter.open({
      directory,
      firstSegment: 1,
      maxSegmentBytes: 1_000_000,
    });
    const handle = await open(join(directory, 'another'), 'w');
    prototype = Object.getPrototypeOf(handle);
    await handle.close();
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await writer.close();
  });

  /** The next write does what it does, and is over only when that is. */
  const holdNextWrite = (until: Promise<void>) => {
    const { write } = prototype;
    jest.spyOn(prototype, 'write').mockImplementationOnce(async function held(
      this: FileHandle,
      ...args
    ) {
      const written = await Reflect.apply(write, this, args);
      await until;
      return written;
    });
  };

  const onDisk = async () => {
    const { payloads } = readRecords(
      await readFile(segmentPath(directory, 1)),
      true,
    );
    return payloads.map(payload => payload.toString());
  };

  it('writes an intent while events are on their way to the disk', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>(resolve => {
      release = resolve;
    });
    holdNextWrite(gate);
    const resolved: string[] = [];
    const append = (kind: 'intent' | 'event', id: string) =>
      writer.append(entry(kind, id)).then(() => resolved.push(id));
    const all = [append('event', 'a')];
    await eventually(async () => (await onDisk()).join() === 'event a');
    all.push(append('intent', 'b'), append('event', 'c'));
    await eventually(
      async () => (await onDisk()).join() === 'event a,intent b',
    );
    all.push(append('intent', 'd'));
    await eventually(
      async () => (await onDisk()).join() === 'event a,intent b,intent d',
    );
    expect(resolved).toEqual([]);
    release();
    await Promise.all(all);
    expect(await onDisk()).toEqual([
      'event a',
      'intent b',
      'intent d',
      'event c',
    ]);
    expect(resolved.slice().sort()).toEqual(['a', 'b', 'c', 'd']);
    expect(writer.end.offset).toBe(
      (await readFile(segmentPath(directory, 1))).length,
    );
  });

  it('writes both again when the disk fails meanwhile, losing and doubling nothing', async () => {
    let fail: (error: Error) => void = () => undefined;
    const failing = new Promise<void>((_, reject) => {
      fail = reject;
    });
    holdNextWrite(failing);
    const problems: Array<string | null> = [];
    writer.onState(problem => problems.push(problem));
    const event = writer.append(entry('event', 'a'));
    await eventually(async () => (await onDisk()).join() === 'event a');
    const intent = writer.append(entry('intent', 'b'));
    await eventually(
      async () => (await onDisk()).join() === 'event a,intent b',
    );
    fail(new Error('the disk is gone'));
    await Promise.all([event, intent]);
    expect(await onDisk()).toEqual(['event a', 'intent b']);
    expect(problems).toEqual(['the disk is gone', null]);
  });
});
