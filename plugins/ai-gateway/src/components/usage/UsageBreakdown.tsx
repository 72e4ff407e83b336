import { makeStyles } from '@material-ui/core/styles';
import { Swatch } from '../charts';
import { formatAmount, formatExactAmount } from './amounts';
import type { UsageMetric } from './figures';
import type { RankedGroup } from './ranking';
import { describeTokens } from './tokenClasses';

const useStyles = makeStyles(theme => ({
  root: { listStyle: 'none', margin: 0, padding: 0 },
  item: { padding: theme.spacing(0.75, 0), ...theme.typography.body2 },
  words: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
  },
  label: { flex: '1 1 0', minWidth: 0, overflowWrap: 'anywhere' },
  number: { fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' },
  share: {
    width: '3.25rem',
    textAlign: 'right',
    color: theme.palette.text.secondary,
  },
  track: {
    height: theme.spacing(0.75),
    marginTop: theme.spacing(0.5),
    borderRadius: theme.spacing(0.5),
    backgroundColor: theme.palette.action.hover,
    overflow: 'hidden',
  },
  bar: { height: '100%', minWidth: 2 },
}));

/** The groups ranked by a metric, with their share of the whole. */
export function UsageBreakdown(props: {
  metric: UsageMetric;
  groups: readonly RankedGroup[];
  colorOf: (groupId: string) => string;
}) {
  const { metric, groups, colorOf } = props;
  const classes = useStyles();
  return (
    <ol className={classes.root}>
      {groups.map(group => (
        <li key={group.id} className={classes.item}>
          <span className={classes.words}>
            <Swatch color={colorOf(group.id)} />
            <span className={classes.label}>{group.label}</span>
            <span
              className={classes.number}
              title={
                metric === 'tokens'
                  ? describeTokens(group.figures.tokens)
                  : formatExactAmount(metric, group.amount)
              }
            >
              {formatAmount(metric, group.amount)}
            </span>
            <span className={`${classes.number} ${classes.share}`}>
              {formatShare(group.share)}
            </span>
          </span>
          <div className={classes.track} aria-hidden>
            {group.amount > 0n && (
              <div
                className={classes.bar}
                style={{
                  width: `${(group.share ?? 0) * 100}%`,
                  backgroundColor: colorOf(group.id),
                }}
              />
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}

/** A share for people; nothing has none. */
export function formatShare(share: number | null, locale?: string): string {
  return share === null
    ? '–'
    : new Intl.NumberFormat(locale, {
        style: 'percent',
        maximumFractionDigits: 1,
      }).format(share);
}
