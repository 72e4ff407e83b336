import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../__testUtils__/eventually';
import { LineWriter } from './LineWriter';

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
    const writer = LineWriter.create(fd);
    writer.write('one\n');
    writer.write('two\n');
    expect(written()).toBe('');
    await eventually(() => written() === 'one\ntwo\n');
    // And again, though the last write has only just begun.
    writer.write('three\n');
    await eventually(() => written() === 'one\ntwo\nthree\n');
  });

  it('keeps every line, whole and in its order, whenever it comes', async () => {
    const writer = LineWriter.create(fd);
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
    await flushed(LineWriter.create(fd));
    expect(written()).toBe('');
  });

  it('writes what has gathered at once when it has to', () => {
    const writer = LineWriter.create(fd);
    writer.write('last words\n');
    writer.flushSync();
    expect(written()).toBe('last words\n');
  });

  it('goes on when nobody takes its lines', async () => {
    const closed = openSync(path, 'r');
    const writer = LineWriter.create(closed);
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
       const writer = LineWriter.create(1);
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
