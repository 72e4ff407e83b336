import { act, renderHook } from '@testing-library/react';
import { MemoryRouter, useLocation } from 'react-router-dom';
import {
  urlChoice,
  urlFlag,
  urlOptional,
  urlPage,
  urlText,
  useUrlState,
} from './useUrlState';

const PARAMS = {
  search: urlText(),
  view: urlChoice(['grid', 'list'], 'grid'),
  status: urlOptional(['active', 'revoked']),
  create: urlFlag(),
  page: urlPage(),
};

const DEFAULTS = {
  search: '',
  view: 'grid',
  status: undefined,
  create: false,
  page: 1,
};

function renderAt(address: string) {
  return renderHook(
    () => {
      const [values, setValues] = useUrlState(PARAMS);
      return { values, setValues, search: useLocation().search };
    },
    {
      wrapper: ({ children }) => (
        <MemoryRouter initialEntries={[address]}>{children}</MemoryRouter>
      ),
    },
  );
}

describe('useUrlState', () => {
  it('has the defaults where the URL says nothing', () => {
    expect(renderAt('/').result.current.values).toEqual(DEFAULTS);
  });

  it('reads what the URL says', () => {
    const { result } = renderAt(
      '/?search=gpt&view=list&status=revoked&create=true&page=3',
    );
    expect(result.current.values).toEqual({
      search: 'gpt',
      view: 'list',
      status: 'revoked',
      create: true,
      page: 3,
    });
  });

  it.each(['?view=pie&status=gone&page=-1', '?page=1e9', '?page=', '?page=0'])(
    'falls back on what it does not know: %s',
    search => {
      expect(renderAt(`/${search}`).result.current.values).toEqual(DEFAULTS);
    },
  );

  it('leaves defaults out of the URL, and other things in it alone', () => {
    const { result } = renderAt('/?project=payments&view=list');
    act(() => result.current.setValues({ view: 'grid', search: 'a b' }));
    expect(result.current.search).toBe('?project=payments&search=a+b');
  });

  it('changes several values at once and keeps the others', () => {
    const { result } = renderAt('/?search=gpt');
    act(() => result.current.setValues({ view: 'list', page: 2 }));
    expect(result.current.values).toEqual({
      ...DEFAULTS,
      search: 'gpt',
      view: 'list',
      page: 2,
    });
  });
});
