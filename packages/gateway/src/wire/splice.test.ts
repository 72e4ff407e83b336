import { splice } from './splice';

describe('splice', () => {
  it('replaces and puts in, in whatever order it is told, and leaves all else', () => {
    const out = splice(Buffer.from('{"model":"a","x":1}'), [
      { start: 9, end: 12, with: '"bé"' },
      { start: 1, end: 1, with: '"y":2,' },
    ]);
    expect(out.toString()).toBe('{"y":2,"model":"bé","x":1}');
  });
});
