import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableContainer from '@material-ui/core/TableContainer';
import TableFooter from '@material-ui/core/TableFooter';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import { makeStyles } from '@material-ui/core/styles';
import {
  formatAmount,
  formatExactAmount,
  USAGE_METRIC_LABELS,
  USAGE_METRIC_UNITS,
} from './amounts';
import type { BucketLabels } from './bucketLabels';
import type { UsageSeries } from './series';
import { describeTokens } from './tokenClasses';

const useStyles = makeStyles(theme => ({
  root: { maxHeight: 440 },
  cell: { padding: theme.spacing(0.75, 1.5), whiteSpace: 'nowrap' },
  number: { fontVariantNumeric: 'tabular-nums' },
  head: { color: theme.palette.text.secondary },
  groupHead: { minWidth: '7rem', whiteSpace: 'normal' },
  first: {
    position: 'sticky',
    left: 0,
    zIndex: 3,
    // What scrolls below must not shine through.
    backgroundColor: 'inherit',
    [theme.breakpoints.down('xs')]: {
      whiteSpace: 'normal',
      minWidth: '6.5rem',
    },
  },
  row: { backgroundColor: theme.palette.background.paper },
  total: {
    ...theme.typography.subtitle2,
    color: theme.palette.text.primary,
  },
  foot: {
    position: 'sticky',
    bottom: 0,
    zIndex: 2,
    backgroundColor: theme.palette.background.paper,
    borderTop: `1px solid ${theme.palette.divider}`,
  },
  corner: { zIndex: 4, backgroundColor: theme.palette.background.paper },
  running: { color: theme.palette.text.secondary },
}));

/** The chart as a table: a row for each bucket, a column for each group. Exact on hover, tokens with their classes. */
export function UsageSeriesTable(props: {
  series: UsageSeries;
  labels: BucketLabels;
}) {
  const { series, labels } = props;
  const { metric, groups, rows } = series;
  const classes = useStyles();
  const number = `${classes.cell} ${classes.number}`;
  const total = `${number} ${classes.total}`;

  return (
    // Scrolls in both directions, so it must take the focus.
    <TableContainer
      className={classes.root}
      tabIndex={0}
      role="region"
      aria-label={`${USAGE_METRIC_LABELS[metric]} over time`}
    >
      <Table
        size="small"
        stickyHeader
        aria-label={`${USAGE_METRIC_LABELS[metric]} over time, in ${USAGE_METRIC_UNITS[metric]}`}
      >
        <TableHead>
          <TableRow>
            <TableCell
              className={`${classes.cell} ${classes.head} ${classes.first} ${classes.corner}`}
            >
              Period
            </TableCell>
            {groups.map(group => (
              <TableCell
                key={group.id}
                align="right"
                className={`${classes.cell} ${classes.head} ${classes.groupHead}`}
              >
                {group.label}
              </TableCell>
            ))}
            <TableCell
              align="right"
              className={`${classes.cell} ${classes.head}`}
            >
              Total ({USAGE_METRIC_UNITS[metric]})
            </TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {rows.map(row => (
            <TableRow key={row.start} className={classes.row}>
              <TableCell
                component="th"
                scope="row"
                className={`${classes.cell} ${classes.first}`}
              >
                {labels.long(row)}
                {row.incomplete && (
                  <span className={classes.running}> (still running)</span>
                )}
              </TableCell>
              {row.amounts.map((amount, index) => (
                <TableCell
                  key={groups[index].id}
                  align="right"
                  className={number}
                  title={
                    metric === 'tokens'
                      ? describeTokens(row.points[index].tokens)
                      : formatExactAmount(metric, amount)
                  }
                >
                  {formatAmount(metric, amount)}
                </TableCell>
              ))}
              <TableCell
                align="right"
                className={total}
                title={formatExactAmount(metric, row.total)}
              >
                {formatAmount(metric, row.total)}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
        <TableFooter>
          <TableRow>
            <TableCell
              component="th"
              scope="row"
              className={`${total} ${classes.first} ${classes.foot} ${classes.corner}`}
            >
              Total
            </TableCell>
            {[...groups, { id: 'total', total: series.total }].map(group => (
              <TableCell
                key={group.id}
                align="right"
                className={`${total} ${classes.foot}`}
                title={formatExactAmount(metric, group.total)}
              >
                {formatAmount(metric, group.total)}
              </TableCell>
            ))}
          </TableRow>
        </TableFooter>
      </Table>
    </TableContainer>
  );
}
