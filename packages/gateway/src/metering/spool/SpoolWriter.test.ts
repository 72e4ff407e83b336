import { readFile } from 'node:fs/promises';
import { eventually } from '../../__testUtils__/eventually';
import { makeSpoolDirectory } from '../../__testUtils__/startTestGateway';
import { readRecords } from './record';
import { SegmentFile } from './SegmentFile';
import { segmentPath } from './segments';
import { SpoolWriter } from './SpoolWriter';

const entry = (kind: 'intent' | 'event', id: string) => ({
  id,
  kind,
  payload: `${kind} ${id}`,
});

describe('SpoolWriter', () => {
  let directory: string;
  let writer: SpoolWriter;

  beforeEach(async () => {
    directory = await makeSpoolDirectory();
    writer = await SpoolWriter.open({
      directory,
      firstSegment: 1,
      maxSegmentBytes: 1_000_000,
    });
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await writer.close();
  });

  /** The next write to the disk does what it does, and is over only when that is. */
  const holdNextWrite = (until: Promise<void>) => {
    const { writeThrough } = SegmentFile.prototype;
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
    await eventually(() => resolved.join() === 'b');
    // What stands before an intent in the file is there with it.
    all.push(append('intent', 'd'));
    await eventually(() => resolved.join() === 'b,d');
    const written = ['event a', 'intent b', 'event c', 'intent d'];
    expect(await onDisk()).toEqual(written);
    expect(writer.end.offset).toBe(0);
    expect(resolved).toEqual(['b', 'd']);
    release();
    await Promise.all(all);
    expect(await onDisk()).toEqual(written);
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
