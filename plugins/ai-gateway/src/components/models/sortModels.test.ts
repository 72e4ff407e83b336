import { modelOf, priceOf } from '../../__testUtils__/fixtures';
import { formatModelSort, parseModelSort, sortModels } from './sortModels';

const MODELS = [
  modelOf('c', { title: 'Beta', price: priceOf('10', '1'), contextWindow: 9 }),
  modelOf('b', { title: 'alpha', price: null, contextWindow: null }),
  modelOf('a', { title: 'Beta', price: priceOf('9', '2'), contextWindow: 80 }),
];

const idsBy = (sort: string) =>
  sortModels(MODELS, parseModelSort(sort)).map(({ id }) => id);

describe('sortModels', () => {
  it('sorts by title whatever its case, and by id where titles are equal', () => {
    expect(idsBy('title')).toEqual(['b', 'a', 'c']);
    expect(idsBy('-title')).toEqual(['a', 'c', 'b']);
  });

  it('sorts prices as amounts, not as texts', () => {
    expect(idsBy('input')).toEqual(['a', 'c', 'b']);
  });

  it('puts what is not known last in both directions', () => {
    expect(idsBy('context')).toEqual(['c', 'a', 'b']);
    expect(idsBy('-context')).toEqual(['a', 'c', 'b']);
    expect(idsBy('-output')).toEqual(['a', 'c', 'b']);
  });

  it('does not change what it was given', () => {
    idsBy('title');
    expect(MODELS.map(({ id }) => id)).toEqual(['c', 'b', 'a']);
  });
});

describe('parseModelSort', () => {
  it.each(['', 'colour', '-', 'toString'])('reads %j as by title', text => {
    expect(parseModelSort(text)).toEqual({
      column: 'title',
      descending: false,
    });
  });

  it.each(['', '-title', 'input', '-output'])(
    'reads back what formatModelSort wrote: %j',
    text => {
      expect(formatModelSort(parseModelSort(text))).toBe(text);
    },
  );
});
