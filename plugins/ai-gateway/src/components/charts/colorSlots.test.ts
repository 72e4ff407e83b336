import fc from 'fast-check';
import { assignColorSlots } from './colorSlots';

const ids = fc.uniqueArray(fc.string({ maxLength: 2 }), { maxLength: 8 });

describe('assignColorSlots', () => {
  it('gives every group a place of its own', () => {
    fc.assert(
      fc.property(ids, groups => {
        const slots = assignColorSlots(new Map(), groups);
        expect(new Set(slots.values()).size).toBe(groups.length);
        expect([...slots.keys()]).toEqual(groups);
      }),
    );
  });

  it('never changes the place of a group that stays', () => {
    fc.assert(
      fc.property(ids, ids, (before, after) => {
        const was = assignColorSlots(new Map(), before);
        const is = assignColorSlots(was, after);
        for (const id of after.filter(each => before.includes(each))) {
          expect(is.get(id)).toBe(was.get(id));
        }
        expect(new Set(is.values()).size).toBe(after.length);
      }),
    );
  });

  it('leaves those beyond the palette without a place', () => {
    const nine = [...'abcdefghi'];
    expect(assignColorSlots(new Map(), nine).has('i')).toBe(false);
  });
});
