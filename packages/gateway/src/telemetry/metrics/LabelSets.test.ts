import { LabelSets } from './LabelSets';

describe('sets of labels', () => {
  const create = (max: number) =>
    LabelSets.create({ max, create: labels => ({ labels }) });

  it('are kept apart, each once', () => {
    const sets = create(10);
    expect(sets.of('a', 'b').labels).toEqual(['a', 'b']);
    expect(sets.of('a', 'b')).toBe(sets.of('a', 'b'));
    expect(sets.of('ab', '')).not.toBe(sets.of('a', 'b'));
  });

  it('share one place once there are too many, and those that are known keep theirs', () => {
    const sets = create(2);
    const known = sets.of('a');
    sets.of('b');
    expect(sets.of('c').labels).toEqual(['overflow']);
    expect(sets.of('d')).toBe(sets.of('c'));
    expect(sets.of('a')).toBe(known);
    expect(sets.overflowed).toBe(3);
  });
});
