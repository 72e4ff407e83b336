import type { UsageReport } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import ErrorOutlineIcon from '@material-ui/icons/ErrorOutline';
import TrendingDownIcon from '@material-ui/icons/TrendingDown';
import TrendingFlatIcon from '@material-ui/icons/TrendingFlat';
import TrendingUpIcon from '@material-ui/icons/TrendingUp';
import { Sparkline } from '../charts';
import { formatSpan } from './bucketLabels';
import type { UsageCardView } from './cards';
import { type Change, formatChange } from './change';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexDirection: 'column',
    height: '100%',
    minWidth: 0,
  },
  value: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    gap: theme.spacing(0, 0.75),
    ...theme.typography.h5,
    fontVariantNumeric: 'tabular-nums',
    minWidth: 0,
    overflowWrap: 'anywhere',
  },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0, 1),
    minHeight: theme.spacing(5),
    ...theme.typography.body2,
    color: theme.palette.text.secondary,
  },
  withIcon: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    whiteSpace: 'nowrap',
    '& svg': { fontSize: theme.typography.pxToRem(18) },
  },
  bad: { '& svg': { color: theme.palette.error.main } },
  spark: { marginTop: 'auto', paddingTop: theme.spacing(1) },
}));

/** One figure of a report: what it is, how it changed and how it moved. */
export function UsageFigure(props: {
  card: UsageCardView;
  report: UsageReport;
}) {
  const { card, report } = props;
  const classes = useStyles();
  const { timeZone, buckets } = report;
  return (
    <div className={classes.root}>
      <Typography variant="body2" color="textSecondary">
        {card.title}
      </Typography>
      <span className={classes.value} title={card.exact}>
        {card.value}
        {card.unit && (
          <Typography variant="body2" color="textSecondary" component="span">
            {card.unit}
          </Typography>
        )}
      </span>
      <span className={classes.line}>
        <span
          className={classes.withIcon}
          title={`Compared with ${formatSpan(previousSpan(report), timeZone)}`}
        >
          <ChangeIcon change={card.change} />
          {formatChange(card.change)}
        </span>
        {card.note && (
          <span
            className={`${classes.withIcon} ${
              card.note.tone === 'bad' ? classes.bad : ''
            }`}
          >
            {card.note.tone === 'bad' && <ErrorOutlineIcon aria-hidden />}
            {card.note.text}
          </span>
        )}
      </span>
      <span className={classes.spark}>
        <Sparkline
          values={card.trend}
          lastIsRunning={buckets[buckets.length - 1]?.incomplete ?? false}
          label={`${card.title} by ${report.bucket}, ${formatSpan(
            report,
            timeZone,
          )}`}
        />
      </span>
    </div>
  );
}

function ChangeIcon(props: { change: Change }) {
  const { change } = props;
  if (change.kind === 'none') return null;
  if (change.kind === 'new' || change.ratio > 0) {
    return <TrendingUpIcon aria-hidden />;
  }
  return change.ratio < 0 ? (
    <TrendingDownIcon aria-hidden />
  ) : (
    <TrendingFlatIcon aria-hidden />
  );
}

/** The same length just before. */
function previousSpan({ from, to }: { from: string; to: string }) {
  const start = Date.parse(from);
  const length = Date.parse(to) - start;
  return { from: new Date(start - length).toISOString(), to: from };
}
