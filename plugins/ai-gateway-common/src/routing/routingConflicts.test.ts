import {
  describeRoutingConflict,
  findRoutingConflicts,
  resolveModelName,
  type RoutingTable,
} from './routingConflicts';

const table = (
  aliases: Record<string, string>,
  routes: Record<string, string[]> = {},
): RoutingTable => ({
  models: new Set(['large', 'small', 'draft']),
  served: new Set(['large', 'small']),
  aliases: Object.entries(aliases).map(([alias, target]) => ({
    alias,
    target,
  })),
  routes: Object.entries(routes).map(([modelId, fallbackModels]) => ({
    modelId,
    fallbackModels,
  })),
});
const problems = (
  aliases: Record<string, string>,
  routes: Record<string, string[]> = {},
) => findRoutingConflicts(table(aliases, routes)).map(describeRoutingConflict);

describe('findRoutingConflicts', () => {
  it('has nothing against aliases of aliases, nor against two models that fall back to each other', () => {
    expect(
      problems(
        { best: 'default', default: 'large' },
        { large: ['small'], small: ['best'] },
      ),
    ).toEqual([]);
  });

  it.each([
    ['an alias of the name of a model', { small: 'large' }, {}, 'ambiguous'],
    [
      'an alias of the name of a model that is not published',
      { draft: 'large' },
      {},
      'ambiguous',
    ],
    ['an alias of itself', { a: 'a' }, {}, 'a → a'],
    ['an alias that leads nowhere', { a: 'gone' }, {}, "'gone'"],
    [
      'an alias of a model that is not published',
      { a: 'draft' },
      {},
      'nothing is published',
    ],
    ['a fallback to itself', {}, { large: ['large'] }, 'itself'],
    [
      'a fallback to an alias of itself',
      { a: 'large' },
      { large: ['a'] },
      "'a'",
    ],
    ['a fallback that leads nowhere', {}, { large: ['gone'] }, "'gone'"],
    [
      'a fallback to a model that is not published',
      {},
      { large: ['small', 'draft'] },
      "'draft'",
    ],
  ])('finds %s', (_, aliases, routes, told) => {
    expect(problems(aliases, routes)).toEqual([expect.stringContaining(told)]);
  });

  it('tells of a cycle by each alias of it, and not by those that only lead into it', () => {
    expect(problems({ a: 'b', b: 'c', c: 'b' }, { large: ['a'] })).toEqual([
      "The alias 'b' leads back to itself: b → c → b.",
      "The alias 'c' leads back to itself: c → b → c.",
    ]);
  });

  it('leaves alone what a model that is not served falls back to', () => {
    expect(problems({}, { draft: ['draft-2', 'small'] })).toEqual([
      expect.stringContaining("'draft-2'"),
    ]);
    expect(
      findRoutingConflicts({
        ...table({}, { draft: ['other'] }),
        models: new Set(['draft', 'other']),
      }),
    ).toEqual([]);
  });
});

describe('resolveModelName', () => {
  const models = new Set(['large']);
  const targets = new Map([
    ['a', 'b'],
    ['b', 'large'],
    ['x', 'y'],
    ['y', 'x'],
  ]);
  it.each([
    ['large', 'large'],
    ['a', 'large'],
    ['x', undefined],
    ['z', undefined],
  ])('leads from %s to %s', (name, model) => {
    expect(resolveModelName(name, models, targets)).toBe(model);
  });
});
