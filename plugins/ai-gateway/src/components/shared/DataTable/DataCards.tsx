import Paper from '@material-ui/core/Paper';
import { makeStyles } from '@material-ui/core/styles';
import { FactList } from '../FactList';
import type { DataTableProps } from './types';

const useStyles = makeStyles(theme => ({
  cards: {
    listStyle: 'none',
    margin: 0,
    padding: 0,
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 20rem), 1fr))',
    gap: theme.spacing(1.5),
  },
  card: {
    ...theme.typography.body2,
    display: 'grid',
    alignContent: 'start',
    gap: theme.spacing(1.5),
    padding: theme.spacing(2),
    overflowWrap: 'anywhere',
  },
  // A row for which there is nothing to do leaves no gap.
  actions: { '&:empty': { display: 'none' } },
}));

/** The rows as cards, for narrow screens. */
export function DataCards<T>(props: DataTableProps<T>) {
  const { label, columns, rows, rowKey } = props;
  const classes = useStyles();
  const title = columns.find(column => column.title);
  const actions = columns.filter(column => column.actions);
  const facts = columns.filter(column => !column.title && !column.actions);

  return (
    <ul className={classes.cards} aria-label={label}>
      {rows.map(row => (
        <Paper
          key={rowKey(row)}
          component="li"
          variant="outlined"
          className={classes.card}
        >
          {title && <div>{title.render(row)}</div>}
          <FactList
            facts={facts.map(({ label: name, render }) => [name, render(row)])}
          />
          {actions.map(column => (
            <div key={column.id} className={classes.actions}>
              {column.render(row)}
            </div>
          ))}
        </Paper>
      ))}
    </ul>
  );
}
