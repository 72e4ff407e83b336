import { mockBreakpoint } from '@backstage/core-components/testUtils';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { DataTable } from './DataTable';
import type { DataTableColumn, DataTableSort } from './types';

interface Row {
  name: string;
  price: number;
}

const COLUMNS: DataTableColumn<Row>[] = [
  {
    id: 'name',
    label: 'Name',
    title: true,
    sortable: true,
    render: row => <b>{row.name}</b>,
  },
  {
    id: 'price',
    label: 'Price',
    numeric: true,
    sortable: true,
    render: row => row.price,
  },
  {
    id: 'actions',
    label: 'Actions',
    actions: true,
    render: row => <button>Drop {row.name}</button>,
  },
];

const ROWS: Row[] = [
  { name: 'alpha', price: 1 },
  { name: 'beta', price: 2 },
];

function renderTable(
  sort?: DataTableSort,
  onSort?: (s: DataTableSort) => void,
) {
  return render(
    <DataTable
      label="Things"
      columns={COLUMNS}
      rows={ROWS}
      rowKey={row => row.name}
      sort={sort}
      onSort={onSort}
    />,
  );
}

describe('DataTable', () => {
  it('is a table with a name, its columns and its rows', () => {
    renderTable();
    const table = screen.getByRole('table', { name: 'Things' });
    expect(
      within(table)
        .getAllByRole('columnheader')
        .map(header => header.textContent),
    ).toEqual(['Name', 'Price', 'Actions']);
    expect(within(table).getByRole('cell', { name: 'alpha' })).toBeVisible();
    expect(screen.getByRole('button', { name: 'Drop beta' })).toBeVisible();
  });

  it('says which column sorts and in which direction', () => {
    renderTable({ column: 'price', descending: true }, () => {});
    expect(screen.getByRole('columnheader', { name: 'Price' })).toHaveAttribute(
      'aria-sort',
      'descending',
    );
    expect(
      screen.getByRole('columnheader', { name: 'Name' }),
    ).not.toHaveAttribute('aria-sort');
  });

  it('sorts upwards at the first press of a column, downwards at the second', async () => {
    const onSort = jest.fn();
    const { unmount } = renderTable(
      { column: 'name', descending: false },
      onSort,
    );
    await userEvent.click(screen.getByRole('button', { name: 'Price' }));
    expect(onSort).toHaveBeenLastCalledWith({
      column: 'price',
      descending: false,
    });
    unmount();
    renderTable({ column: 'price', descending: false }, onSort);
    await userEvent.click(screen.getByRole('button', { name: 'Price' }));
    expect(onSort).toHaveBeenLastCalledWith({
      column: 'price',
      descending: true,
    });
  });

  it('is a list of cards where a table would not fit, with the same facts and actions', () => {
    mockBreakpoint({ matches: true });
    renderTable();
    const cards = within(
      screen.getByRole('list', { name: 'Things' }),
    ).getAllByRole('listitem');
    expect(cards).toHaveLength(2);
    expect(cards[1]).toHaveTextContent('beta');
    expect(within(cards[1]).getByText('Price')).toBeInTheDocument();
    expect(
      within(cards[1]).getByRole('button', { name: 'Drop beta' }),
    ).toBeVisible();
    expect(screen.queryByRole('table')).not.toBeInTheDocument();
  });
});
