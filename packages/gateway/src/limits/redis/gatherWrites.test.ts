import { Writable } from 'node:stream';
import { gatherWrites } from './gatherWrites';

/** Notes what reaches the system, call by call. */
class Calls extends Writable {
  readonly calls: string[] = [];

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.calls.push(chunk.toString());
    done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.calls.push(chunks.map(({ chunk }) => chunk.toString()).join(''));
    done();
  }
}

const turn = () => new Promise(resolve => setImmediate(resolve));

describe('gatherWrites', () => {
  it('sends what one turn writes by one call, in its order, and the next turn by another', async () => {
    const stream = new Calls();
    gatherWrites(stream);

    stream.write('a');
    Promise.resolve().then(() => stream.write('b'));
    process.nextTick(() => stream.write('c'));
    expect(stream.calls).toEqual([]);
    await turn();
    expect(stream.calls).toEqual(['abc']);

    stream.write('d');
    await turn();
    expect(stream.calls).toEqual(['abc', 'd']);
  });

  it('leaves nothing behind when the stream ends in the same turn', async () => {
    const stream = new Calls();
    gatherWrites(stream);

    stream.write('a');
    stream.end('b');
    await turn();
    expect(stream.calls.join('')).toBe('ab');
  });
});
