import type { UsageGroupBy } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import MenuItem from '@material-ui/core/MenuItem';
import { makeStyles } from '@material-ui/core/styles';
import { FilterBar, FormField } from '../shared';
import { USAGE_RANGE_LABELS, USAGE_RANGES, type UsageRange } from './range';
import { USAGE_GROUPINGS } from './useUsageQuery';

/** What a reader calls the groupings. */
export const USAGE_GROUPING_LABELS: Record<UsageGroupBy, string> = {
  model: 'Model',
  key: 'API key',
  project: 'Project',
};

const useStyles = makeStyles(theme => ({
  field: {
    flex: '0 1 11rem',
    minWidth: '9rem',
    alignSelf: 'flex-start',
    [theme.breakpoints.down('xs')]: { flex: '1 1 40%', minWidth: 0 },
  },
}));

/** Which span, and by what: one row. */
export function UsageFilters(props: {
  range: UsageRange;
  firstDay: string;
  lastDay: string;
  groupBy: UsageGroupBy;
  /** What is wrong with the days. */
  problem: string | undefined;
  onRange: (range: UsageRange) => void;
  onDays: (days: { from?: string; to?: string }) => void;
  onGroupBy: (groupBy: UsageGroupBy) => void;
}) {
  const { range, firstDay, lastDay, groupBy, problem } = props;
  const classes = useStyles();
  return (
    <FilterBar>
      <FormField
        select
        className={classes.field}
        label="Period"
        value={range}
        onChange={({ target }) => props.onRange(target.value as UsageRange)}
      >
        {USAGE_RANGES.map(each => (
          <MenuItem key={each} value={each}>
            {USAGE_RANGE_LABELS[each]}
          </MenuItem>
        ))}
      </FormField>
      {range === 'custom' && (
        <>
          <FormField
            type="date"
            className={classes.field}
            label="First day"
            InputLabelProps={{ shrink: true }}
            value={firstDay}
            problem={problem}
            onChange={({ target }) => props.onDays({ from: target.value })}
          />
          <FormField
            type="date"
            className={classes.field}
            label="Last day"
            InputLabelProps={{ shrink: true }}
            value={lastDay}
            onChange={({ target }) => props.onDays({ to: target.value })}
          />
        </>
      )}
      <FormField
        select
        className={classes.field}
        label="Group by"
        value={groupBy}
        onChange={({ target }) => props.onGroupBy(target.value as UsageGroupBy)}
      >
        {USAGE_GROUPINGS.map(each => (
          <MenuItem key={each} value={each}>
            {USAGE_GROUPING_LABELS[each]}
          </MenuItem>
        ))}
      </FormField>
    </FilterBar>
  );
}
