import Button from '@material-ui/core/Button';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import BarChartIcon from '@material-ui/icons/BarChart';
import GetAppIcon from '@material-ui/icons/GetApp';
import TableChartOutlinedIcon from '@material-ui/icons/TableChartOutlined';
import ToggleButton from '@material-ui/lab/ToggleButton';
import ToggleButtonGroup from '@material-ui/lab/ToggleButtonGroup';
import { useState } from 'react';
import { ChartLegend, type GroupColors, StackedBars } from '../charts';
import { USAGE_METRIC_LABELS, USAGE_METRIC_UNITS } from './amounts';
import type { BucketLabels } from './bucketLabels';
import { USAGE_METRICS, type UsageMetric } from './figures';
import type { UsageSeries } from './series';
import { SeriesTooltip } from './SeriesTooltip';
import { UsageSeriesTable } from './UsageSeriesTable';

const useStyles = makeStyles(theme => ({
  root: { padding: theme.spacing(2), minWidth: 0 },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    marginBottom: theme.spacing(1.5),
  },
  title: { flex: '1 1 10rem' },
  toggle: {
    padding: theme.spacing(0.5, 1.25),
    textTransform: 'none',
    color: theme.palette.text.primary,
    '&.Mui-selected': {
      color: theme.palette.text.primary,
      backgroundColor: theme.palette.action.selected,
    },
    '& svg': { marginRight: theme.spacing(0.5) },
  },
}));

/** A metric over time as a chart or as a table, and as a file. */
export function UsageSeriesCard(props: {
  series: UsageSeries;
  /** What the groups are: "model". */
  groupedBy: string;
  labels: BucketLabels;
  colors: GroupColors;
  view: 'chart' | 'table';
  onMetric: (metric: UsageMetric) => void;
  onView: (view: 'chart' | 'table') => void;
  onExport: () => void;
}) {
  const { series, groupedBy, labels, colors, view } = props;
  const { metric, rows } = series;
  const classes = useStyles();
  const [highlighted, setHighlighted] = useState<string>();
  const title = `${USAGE_METRIC_LABELS[metric]} by ${groupedBy}`;
  const stacks = series.groups
    .map((group, index) => ({ ...group, index, color: colors.of(group.id) }))
    .sort(colors.compare);

  return (
    <Paper variant="outlined" className={classes.root}>
      <div className={classes.head}>
        <Typography variant="h6" component="h3" className={classes.title}>
          {title}
        </Typography>
        <ToggleButtonGroup
          exclusive
          size="small"
          aria-label="Metric"
          value={metric}
          onChange={(_, chosen: UsageMetric | null) =>
            chosen && props.onMetric(chosen)
          }
        >
          {USAGE_METRICS.map(each => (
            <ToggleButton key={each} value={each} className={classes.toggle}>
              {USAGE_METRIC_LABELS[each]}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
        <ToggleButtonGroup
          exclusive
          size="small"
          aria-label="View"
          value={view}
          onChange={(_, chosen: 'chart' | 'table' | null) =>
            chosen && props.onView(chosen)
          }
        >
          <ToggleButton value="chart" className={classes.toggle}>
            <BarChartIcon fontSize="small" aria-hidden /> Chart
          </ToggleButton>
          <ToggleButton value="table" className={classes.toggle}>
            <TableChartOutlinedIcon fontSize="small" aria-hidden /> Table
          </ToggleButton>
        </ToggleButtonGroup>
        <Button
          size="small"
          variant="outlined"
          startIcon={<GetAppIcon />}
          onClick={props.onExport}
        >
          Export CSV
        </Button>
      </div>
      {view === 'table' ? (
        <UsageSeriesTable series={series} labels={labels} />
      ) : (
        <>
          <StackedBars
            title={title}
            description={`${USAGE_METRIC_LABELS[metric]} in ${USAGE_METRIC_UNITS[metric]} over time, stacked by ${groupedBy}. The table says the same in numbers.`}
            unit={metric === 'cost' ? 'nanoUsd' : 'count'}
            rows={rows.map(row => ({
              key: row.start,
              label: labels.short(row),
              incomplete: row.incomplete,
              heights: stacks.map(({ index }) => row.heights[index]),
            }))}
            stacks={stacks}
            highlighted={highlighted}
            renderTooltip={rowIndex => (
              <SeriesTooltip
                series={series}
                rowIndex={rowIndex}
                heading={rows[rowIndex] ? labels.long(rows[rowIndex]) : ''}
                colorOf={colors.of}
              />
            )}
          />
          <ChartLegend
            stacks={stacks}
            highlighted={highlighted}
            onHighlight={setHighlighted}
            runningLabel={
              rows.some(row => row.incomplete) ? 'Still running' : undefined
            }
          />
        </>
      )}
    </Paper>
  );
}
