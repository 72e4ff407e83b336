import type { UsageReport } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import Button from '@material-ui/core/Button';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import GetAppIcon from '@material-ui/icons/GetApp';
import { useMemo } from 'react';
import { useGroupColors } from '../charts';
import { USAGE_METRIC_LABELS } from './amounts';
import { bucketLabels } from './bucketLabels';
import { exportFileName, rankingCsv, seriesCsv } from './csv';
import { download } from './download';
import type { UsageMetric } from './figures';
import { NoUsage } from './NoUsage';
import { rankGroups } from './ranking';
import { isRest, usageSeries } from './series';
import { UsageBreakdown } from './UsageBreakdown';
import { UsageBreakdownTable } from './UsageBreakdownTable';
import { UsageCards } from './UsageCards';
import { USAGE_GROUPING_LABELS } from './UsageFilters';
import { UsageSeriesCard } from './UsageSeriesCard';

const useStyles = makeStyles(theme => ({
  root: { transition: theme.transitions.create('opacity') },
  outdated: {
    opacity: 0.6,
    // An answer that comes soon leaves no time to dim.
    transitionDelay: '300ms',
  },
  columns: {
    display: 'grid',
    gap: theme.spacing(2),
    gridTemplateColumns: 'minmax(0, 1fr)',
  },
  beside: {
    [theme.breakpoints.up('lg')]: {
      gridTemplateColumns: 'minmax(0, 2.2fr) minmax(18rem, 1fr)',
      alignItems: 'start',
    },
  },
  breakdown: { padding: theme.spacing(2), minWidth: 0 },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    marginBottom: theme.spacing(1),
    '& h3': { flex: '1 1 8rem' },
  },
}));

/** A report: figures, a series over time and a breakdown. */
export function UsageReportView(props: {
  report: UsageReport;
  /** The answer to another question than the one asked now. */
  isOutdated: boolean;
  metric: UsageMetric;
  view: 'chart' | 'table';
  onMetric: (metric: UsageMetric) => void;
  onView: (view: 'chart' | 'table') => void;
}) {
  const { report, isOutdated, metric, view } = props;
  const classes = useStyles();
  const { bucket, timeZone, groupBy } = report;
  const bucketCount = report.buckets.length;
  const labels = useMemo(
    () => bucketLabels(bucket, bucketCount, timeZone),
    [bucket, bucketCount, timeZone],
  );
  const series = useMemo(() => usageSeries(report, metric), [report, metric]);
  const ranking = useMemo(() => rankGroups(report, series), [report, series]);
  const colors = useGroupColors(
    series.groups.filter(group => !isRest(group)).map(group => group.id),
  );
  const groupLabel = USAGE_GROUPING_LABELS[groupBy];
  const groupedBy = groupBy === 'key' ? groupLabel : groupLabel.toLowerCase();
  const save = (what: string, text: string) =>
    download({
      fileName: exportFileName(`${what}-by-${groupBy}`, report),
      mediaType: 'text/csv;charset=utf-8',
      text,
    });

  const exportBreakdown = (
    <Button
      size="small"
      variant="outlined"
      startIcon={<GetAppIcon />}
      aria-label="Export breakdown as CSV"
      onClick={() => save('breakdown', rankingCsv(ranking))}
    >
      Export CSV
    </Button>
  );

  return (
    <div
      className={`${classes.root} ${isOutdated ? classes.outdated : ''}`}
      aria-busy={isOutdated}
    >
      <UsageCards report={report} />
      {report.totals.requests === 0 ? (
        <NoUsage />
      ) : (
        <div
          className={`${classes.columns} ${
            view === 'chart' ? classes.beside : ''
          }`}
        >
          <UsageSeriesCard
            series={series}
            groupedBy={groupedBy}
            labels={labels}
            colors={colors}
            view={view}
            onMetric={props.onMetric}
            onView={props.onView}
            onExport={() => save(metric, seriesCsv(series))}
          />
          {view === 'chart' ? (
            <Paper variant="outlined" className={classes.breakdown}>
              <div className={classes.head}>
                <Typography variant="h6" component="h3">
                  Top by {USAGE_METRIC_LABELS[metric].toLowerCase()}
                </Typography>
                {exportBreakdown}
              </div>
              <UsageBreakdown
                metric={metric}
                groups={ranking}
                colorOf={colors.of}
              />
            </Paper>
          ) : (
            <section>
              <div className={classes.head}>
                <Typography variant="h6" component="h3">
                  Breakdown by {groupedBy}
                </Typography>
                {exportBreakdown}
              </div>
              <UsageBreakdownTable groupLabel={groupLabel} groups={ranking} />
            </section>
          )}
        </div>
      )}
    </div>
  );
}
