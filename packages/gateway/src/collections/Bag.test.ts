import fc from 'fast-check';
import { Bag, NOWHERE, type Bagged } from './Bag';

interface Named extends Bagged {
  readonly name: number;
}

const named = (name: number): Named => ({ name, place: NOWHERE });
const namesIn = (bag: Bag<Named>) =>
  bag
    .toArray()
    .map(({ name }) => name)
    .sort((a, b) => a - b);

describe('Bag', () => {
  it('has what a set has, whatever is put in and taken out', () => {
    const steps = fc.array(
      fc.record({ add: fc.boolean(), name: fc.nat({ max: 9 }) }),
    );
    fc.assert(
      fc.property(steps, all => {
        const things = Array.from({ length: 10 }, (_, name) => named(name));
        const bag = new Bag<Named>();
        const set = new Set<number>();
        for (const { add, name } of all) {
          if (add) {
            bag.add(things[name]);
            set.add(name);
          }
          const wasIn = add || bag.delete(things[name]);
          expect(wasIn).toBe(add || set.delete(name));
          expect(bag.size).toBe(set.size);
          expect(namesIn(bag)).toEqual([...set].sort((a, b) => a - b));
        }
      }),
    );
  });

  it('visits all that stay, whatever those visited take out and put in', () => {
    const plans = fc.array(
      fc.record({
        takesOut: fc.array(fc.nat({ max: 7 }), { maxLength: 3 }),
        putsIn: fc.nat({ max: 2 }),
      }),
      { minLength: 8, maxLength: 8 },
    );
    fc.assert(
      fc.property(plans, all => {
        const things = all.map((_, name) => named(name));
        const bag = new Bag<Named>();
        things.forEach(thing => bag.add(thing));
        const takenOut = new Set<number>();
        const visited = new Set<number>();
        bag.forEach(({ name }) => {
          if (visited.has(name) || name >= things.length) return;
          visited.add(name);
          for (const other of all[name].takesOut) {
            if (bag.delete(things[other])) takenOut.add(other);
          }
          for (let i = 0; i < all[name].putsIn; i++) bag.add(named(100));
        });
        const missed = things.filter(
          ({ name }) => !takenOut.has(name) && !visited.has(name),
        );
        expect(missed).toEqual([]);
      }),
    );
  });
});
