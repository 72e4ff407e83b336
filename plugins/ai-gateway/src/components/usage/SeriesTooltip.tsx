import Paper from '@material-ui/core/Paper';
import { makeStyles } from '@material-ui/core/styles';
import { Swatch } from '../charts';
import { formatAmount, formatExactAmount } from './amounts';
import { sumFigures } from './figures';
import type { UsageSeries } from './series';
import { describeTokens } from './tokenClasses';

const useStyles = makeStyles(theme => ({
  root: {
    padding: theme.spacing(1, 1.5),
    maxWidth: 320,
    border: `1px solid ${theme.palette.divider}`,
    ...theme.typography.body2,
  },
  head: { ...theme.typography.subtitle2 },
  subtle: { color: theme.palette.text.secondary },
  rows: { borderSpacing: 0, width: '100%' },
  label: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.75),
    paddingRight: theme.spacing(2),
    overflowWrap: 'anywhere',
  },
  amount: {
    textAlign: 'right',
    fontVariantNumeric: 'tabular-nums',
    whiteSpace: 'nowrap',
  },
  total: { '& td': theme.typography.subtitle2 },
}));

/** What a bar holds: groups with something in them, the largest first, and their sum. */
export function SeriesTooltip(props: {
  series: UsageSeries;
  rowIndex: number;
  heading: string;
  colorOf: (groupId: string) => string;
}) {
  const { series, rowIndex, heading, colorOf } = props;
  const classes = useStyles();
  const row = series.rows[rowIndex];
  if (!row) return null;
  const used = series.groups
    .map((group, index) => ({ ...group, amount: row.amounts[index] }))
    .filter(group => group.amount > 0n)
    .sort((a, b) => (a.amount < b.amount ? 1 : -1));

  return (
    <Paper elevation={4} className={classes.root}>
      <div className={classes.head}>{heading}</div>
      {row.incomplete && <div className={classes.subtle}>Still running</div>}
      <table className={classes.rows}>
        <tbody>
          {used.map(group => (
            <tr key={group.id}>
              <td>
                <span className={classes.label}>
                  <Swatch color={colorOf(group.id)} />
                  {group.label}
                </span>
              </td>
              <td className={classes.amount}>
                {formatAmount(series.metric, group.amount)}
              </td>
            </tr>
          ))}
          <tr className={classes.total}>
            <td>Total</td>
            <td className={classes.amount}>
              {formatExactAmount(series.metric, row.total)}
            </td>
          </tr>
        </tbody>
      </table>
      {series.metric === 'tokens' && row.total > 0n && (
        <div className={classes.subtle}>
          {describeTokens(sumFigures(row.points).tokens)}
        </div>
      )}
    </Paper>
  );
}
