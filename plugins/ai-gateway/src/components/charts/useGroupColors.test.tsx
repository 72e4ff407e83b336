import { createTheme, ThemeProvider } from '@material-ui/core/styles';
import { renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { chartPalette } from './palette';
import { useGroupColors } from './useGroupColors';

const inTheme =
  (type: 'light' | 'dark') =>
  ({ children }: { children: ReactNode }) => (
    <ThemeProvider theme={createTheme({ palette: { type } })}>
      {children}
    </ThemeProvider>
  );

it.each(['light', 'dark'] as const)('colours groups in %s', type => {
  const { result } = renderHook(() => useGroupColors(['a', 'b']), {
    wrapper: inTheme(type),
  });
  const { categories, rest } = chartPalette(type);
  expect(result.current.of('a')).toBe(categories[0]);
  expect(result.current.of('b')).toBe(categories[1]);
  expect(result.current.of('~other')).toBe(rest);
});

it('keeps colours and places when the ranking changes, the rest last', () => {
  const { result, rerender } = renderHook(ids => useGroupColors(ids), {
    initialProps: ['a', 'b'],
    wrapper: inTheme('light'),
  });
  const before = result.current.of('b');
  rerender(['b', 'c', 'a']);
  expect(result.current.of('b')).toBe(before);
  const order = ['~other', 'c', 'b', 'a'].map(id => ({ id }));
  expect(order.sort(result.current.compare).map(({ id }) => id)).toEqual([
    'a',
    'b',
    'c',
    '~other',
  ]);
});
