import Paper from '@material-ui/core/Paper';
import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableContainer from '@material-ui/core/TableContainer';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import TableSortLabel from '@material-ui/core/TableSortLabel';
import { makeStyles } from '@material-ui/core/styles';
import clsx from 'clsx';
import type { DataTableColumn, DataTableProps } from './types';

const useStyles = makeStyles(theme => ({
  cell: {
    padding: theme.spacing(1, 1.5),
    borderBottomColor: theme.palette.divider,
    verticalAlign: 'middle',
    lineHeight: theme.typography.body2.lineHeight,
  },
  numeric: { fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' },
  actions: { whiteSpace: 'nowrap' },
  head: { whiteSpace: 'nowrap', color: theme.palette.text.secondary },
  hiddenLabel: {
    position: 'absolute',
    width: 1,
    height: 1,
    overflow: 'hidden',
    clipPath: 'inset(50%)',
    whiteSpace: 'nowrap',
  },
}));

/** The rows as a table. */
export function DataRows<T>(props: DataTableProps<T>) {
  const { label, columns, rows, rowKey, sort, onSort } = props;
  const classes = useStyles();
  const cellClass = ({ numeric, actions }: DataTableColumn<T>) =>
    clsx(classes.cell, {
      [classes.numeric]: numeric,
      [classes.actions]: actions,
    });
  const directionOf = (column: DataTableColumn<T>) => {
    if (sort?.column !== column.id) return undefined;
    return sort.descending ? ('desc' as const) : ('asc' as const);
  };

  return (
    <TableContainer component={Paper} variant="outlined">
      <Table size="small" aria-label={label}>
        <TableHead>
          <TableRow>
            {columns.map(column => (
              <TableCell
                key={column.id}
                align={column.numeric ? 'right' : 'left'}
                className={clsx(classes.cell, classes.head)}
                sortDirection={directionOf(column) ?? false}
              >
                {column.sortable && onSort ? (
                  <TableSortLabel
                    active={sort?.column === column.id}
                    direction={directionOf(column) ?? 'asc'}
                    onClick={() =>
                      onSort({
                        column: column.id,
                        descending: directionOf(column) === 'asc',
                      })
                    }
                  >
                    {column.label}
                  </TableSortLabel>
                ) : (
                  <span
                    className={clsx({
                      [classes.hiddenLabel]: column.actions,
                    })}
                  >
                    {column.label}
                  </span>
                )}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {rows.map(row => (
            <TableRow key={rowKey(row)} hover>
              {columns.map(column => (
                <TableCell
                  key={column.id}
                  align={column.numeric ? 'right' : 'left'}
                  className={cellClass(column)}
                >
                  {column.render(row)}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}
