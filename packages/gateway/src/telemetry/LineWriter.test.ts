import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
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
  /** Both ends of a pipe. */
  function pipe(flags = constants.O_RDWR | constants.O_NONBLOCK) {
    const at = `${path}.pipe`;
    spawnSync('mkfifo', [at]);
    const ends = openSync(at, flags);
    // Reads what there is, and does not wait for more.
    const end = openSync(at, constants.O_RDONLY | constants.O_NONBLOCK);
    const chunk = Buffer.alloc(1_048_576);
    const read = () => {
      let all = '';
      try {
        for (;;) all += chunk.toString('latin1', 0, readSync(end, chunk));
      } catch {
        return all;
      }
    };
    return { path: at, ends, read };
  }
  function fill(ends: number) {
    try {
      for (;;) writeSync(ends, 'x'.repeat(4_096));
    } catch {
      // It is full.
    }
  }
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

  it('waits for what there was when it was asked to, and not for what comes meanwhile', async () => {
    const { ends, read } = pipe();
    const writer = start(ends);
    fill(ends);
    writer.write('one\n');
    const seen: string[] = [];
    writer.flush(() => seen.push(read()));
    // It is stuck, and these are not yet on their way.
    writer.write('two\n');
    writer.flush(() => {
      // There is always more to come.
      writer.write('three\n');
      seen.push(read());
    });
    expect(seen).toEqual([]);
    read();
    await eventually(() => seen.length === 2);
    expect(seen).toEqual(['one\n', 'two\n']);
    await flushed(writer);
    expect(read()).toBe('three\n');
    closeSync(ends);
  });

  it('is not held up by a pipe that nobody reads, whose other writers may be', async () => {
    const { ends, read } = pipe(constants.O_RDWR);
    const writer = start(ends);
    const lines = `${'x'.repeat(99)}\n`.repeat(1_000);
    writer.write(lines);
    const began = performance.now();
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(performance.now() - began).toBeLessThan(1_000);
    let all = '';
    await eventually(() => (all += read()).length === lines.length);
    expect(all).toBe(lines);
    closeSync(ends);
  });

  it('writes what a full pipe has not taken before what has gathered, when it has to', async () => {
    const { ends, read } = pipe();
    const writer = start(ends);
    fill(ends);
    writer.write('one\n');
    await new Promise(resolve => setTimeout(resolve, 30));
    writer.write('two\n');
    // Of this turn: by itself it has not noticed yet that there is room again.
    read();
    writer.flushSync();
    expect(read()).toBe('one\ntwo\n');
    await flushed(writer);
    expect(read()).toBe('');
    closeSync(ends);
  });

  it('tears no line of up to 4 KB in a pipe, nor do several that write to it', async () => {
    const { path: at, ends, read } = pipe();
    const program = (mark: string) => `
      const { LineWriter } = require(${JSON.stringify(require.resolve('./LineWriter'))});
      const fd = require('node:fs').openSync(${JSON.stringify(at)}, 'w');
      const writer = LineWriter.create({ fd, mostBytes: 1e9, onLost: () => undefined });
      for (let n = 0; n < 2_000; n++) writer.write('${mark}'.repeat(1 + (n * 97) % 4_095) + '\\n');`;
    const marks = ['a', 'b', 'c'];
    let all = '';
    let left = marks.length;
    const ended = () => (left -= 1);
    for (const mark of marks) begin(program(mark)).on('exit', ended);
    while (left > 0) {
      all += read();
      await new Promise(setImmediate);
    }
    all += read();
    const lines = all.split('\n').slice(0, -1);
    expect(lines).toHaveLength(6_000);
    expect(lines.filter(line => !/^(a+|b+|c+)$/.test(line))).toEqual([]);
    for (const mark of marks) {
      expect(
        lines.filter(line => line[0] === mark).map(line => line.length),
      ).toEqual(
        Array.from({ length: 2_000 }, (_, n) => 1 + ((n * 97) % 4_095)),
      );
    }
    closeSync(ends);
  });

  it('has a line go on after another that is too long to stay together', async () => {
    const { ends, read } = pipe();
    const writer = start(ends);
    const lines = ['a', 'b'.repeat(30_000), 'c', 'd'.repeat(9_000), 'e'];
    for (const line of lines) writer.write(`${line}\n`);
    await flushed(writer);
    expect(read()).toBe(`${lines.join('\n')}\n`);
    closeSync(ends);
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
    const { ends } = pipe();
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

  describe.each([
    ['ends', 'process.exit(0)', 0],
    ['fails', 'throw new TypeError("a bug")', 1],
  ])('of a process that %s', (_, how, code) => {
    const program = `
      const { LineWriter } = require(${JSON.stringify(require.resolve('./LineWriter'))});
      const writer = LineWriter.create({ fd: 1, mostBytes: 1e6, onLost: () => undefined });
      for (let n = 0; n < 1_000; n++) writer.write(n + '\\n');
      setImmediate(() => {
        for (let n = 1_000; n < 2_000; n++) writer.write(n + '\\n');
        ${how};
      });`;
    const numbers = Array.from({ length: 2_000 }, (__, n) => n);

    it('loses no line, and has them in their order in a file', () => {
      expect(run(program, fd).status).toBe(code);
      expect(written().split('\n').slice(0, -1).map(Number)).toEqual(numbers);
    });

    it('loses no line where it may have to wait', () => {
      // A socket: what the thread pool has of them may come after what is written at the end.
      const { status, stdout } = run(program, 'pipe');
      expect(status).toBe(code);
      const lines = stdout.split('\n').slice(0, -1).map(Number);
      expect(lines.sort((a, b) => a - b)).toEqual(numbers);
    });
  });
});

const withTypes = ['-r', '@backstage/cli/config/nodeTransform.cjs', '-e'];

function run(program: string, stdout: number | 'pipe') {
  return spawnSync(process.execPath, [...withTypes, program], {
    encoding: 'utf8',
    stdio: ['ignore', stdout, 'pipe'],
  });
}

function begin(program: string) {
  return spawn(process.execPath, [...withTypes, program], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
