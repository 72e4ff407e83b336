import { spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../__testUtils__/eventually';
import { LineWriter } from './LineWriter';

const start = (fd: number, onLost = (_lines: number) => {}) =>
  LineWriter.create({ fd, mostBytes: 1_048_576, onLost });

describe('LineWriter', () => {
  let path: string;
  let fd: number;
  beforeEach(() => {
    path = join(mkdtempSync(join(tmpdir(), 'lines-')), 'log');
    fd = openSync(path, 'a');
  });
  afterEach(() => closeSync(fd));

  const written = () => readFileSync(path, 'utf8');
  const flushed = (writer: LineWriter) =>
    new Promise<void>(resolve => {
      writer.flush(resolve);
    });

  it('writes what it takes without being asked to', async () => {
    const writer = start(fd);
    writer.write('one\n');
    writer.write('two\n');
    expect(written()).toBe('');
    await eventually(() => written() === 'one\ntwo\n');
    // And again, though the last write has only just begun.
    writer.write('three\n');
    await eventually(() => written() === 'one\ntwo\nthree\n');
  });

  it('keeps every line, whole and in its order, whenever it comes', async () => {
    const writer = start(fd);
    let all = '';
    for (let round = 0; round < 20; round++) {
      for (let n = 0; n < 500; n++) {
        const line = `${round} ${n} ${'é世🙂'.repeat(n % 60)}\n`;
        all += line;
        writer.write(line);
      }
      if (round % 3 === 0) await new Promise(setImmediate);
      if (round % 7 === 0) await flushed(writer);
    }
    await flushed(writer);
    expect(written()).toBe(all);
  });

  it('has nothing to wait for when there is nothing', async () => {
    await flushed(start(fd));
    expect(written()).toBe('');
  });

  it('writes what has gathered at once when it has to', () => {
    const writer = start(fd);
    writer.write('last words\n');
    writer.flushSync();
    expect(written()).toBe('last words\n');
  });

  it('keeps so much for one who takes nothing for a while, and says what it gave up', async () => {
    const pipe = `${path}.pipe`;
    spawnSync('mkfifo', [pipe]);
    const ends = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
    const lost: number[] = [];
    const told = 'lines were lost';
    const writer = start(ends, lines => {
      lost.push(lines);
      // As the log does.
      writer.write(`${told}\n`);
    });
    const line = `${'x'.repeat(1_023)}\n`;
    writer.write(line.repeat(100));
    await new Promise(resolve => setTimeout(resolve, 50));
    // A hundred lines of it are on their way, and stuck.
    const kept = 1_025;
    for (let n = 0; n < kept + 7; n++) writer.write(line);
    let read = 0;
    const chunk = Buffer.alloc(1_048_576);
    await eventually(() => {
      try {
        for (;;) read += readSync(ends, chunk);
      } catch {
        // There is no more for now.
      }
      return read === (100 + kept) * line.length + told.length + 1;
    });
    expect(lost).toEqual([7]);
    writer.write('on\n');
    await flushed(writer);
    expect(readSync(ends, chunk)).toBe(3);
    closeSync(ends);
  });

  it('goes on when nobody can take its lines', async () => {
    const closed = openSync(path, 'r');
    const writer = start(closed);
    writer.write('one\n');
    await flushed(writer);
    writer.write('two\n');
    writer.flushSync();
    await flushed(writer);
    closeSync(closed);
    expect(written()).toBe('');
  });

  it.each([
    ['ends', 'process.exit(0)', 0],
    ['fails', 'throw new TypeError("a bug")', 1],
  ])('loses no line of a process that %s', (_, how, code) => {
    const said = run(
      `const { LineWriter } = require(${JSON.stringify(require.resolve('./LineWriter'))});
       const writer = LineWriter.create({ fd: 1, mostBytes: 1e6, onLost: () => undefined });
       for (let n = 0; n < 1_000; n++) writer.write(n + '\\n');
       setImmediate(() => {
         for (let n = 1_000; n < 2_000; n++) writer.write(n + '\\n');
         ${how};
       });`,
    );
    expect(said.code).toBe(code);
    expect(said.lines).toEqual(
      Array.from({ length: 2_000 }, (__, n) => `${n}`),
    );
  });
});

function run(program: string) {
  const { status, stdout } = spawnSync(
    process.execPath,
    ['-r', '@backstage/cli/config/nodeTransform.cjs', '-e', program],
    { encoding: 'utf8' },
  );
  return { code: status, lines: stdout.split('\n').slice(0, -1) };
}
