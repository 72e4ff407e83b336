import {
  BlockSkeleton,
  EmptyState,
  ErrorState,
  PageFrame,
  StaleNotice,
} from '../shared';
import { daysOfSpan, type UsageRange, type UsageSpan } from './range';
import { UsageFilters } from './UsageFilters';
import { UsageReportView } from './UsageReportView';
import { useUsageQuery } from './useUsageQuery';
import { useUsageReport } from './useUsageReport';

/**
 * Milliseconds between the end of a load and the next. With it a request is on the page within two seconds of its end: this, and what
 * the gateway and two round trips need.
 */
const LIVE_REFRESH_MS = 1_000;

/** What was used, by whom, at what cost. */
export function UsagePage() {
  return (
    <PageFrame
      title="Usage"
      description="Requests, tokens and cost of the projects that you may see"
      projectSwitch
    >
      <Usage />
    </PageFrame>
  );
}

function Usage() {
  const { values, setValues, timeZone, resolved } = useUsageQuery();
  const onRange = (range: UsageRange) => {
    if (range !== 'custom') {
      setValues({ range, from: '', to: '' });
      return;
    }
    const days = resolved.ok && daysOfSpan(resolved.span, timeZone);
    setValues({
      range,
      from: days ? days.firstDay : '',
      to: days ? days.lastDay : '',
    });
  };

  return (
    <>
      <UsageFilters
        range={values.range}
        firstDay={values.from}
        lastDay={values.to}
        groupBy={values.groupBy}
        problem={resolved.ok ? undefined : resolved.problem}
        onRange={onRange}
        onDays={setValues}
        onGroupBy={groupBy => setValues({ groupBy })}
      />
      {resolved.ok ? (
        <UsageOfSpan span={resolved.span} />
      ) : (
        <EmptyState title="Choose a period">
          {resolved.problem}. Usage of the days that you choose shows here.
        </EmptyState>
      )}
    </>
  );
}

function UsageOfSpan(props: { span: UsageSpan }) {
  const { from, to, bucket, includesNow } = props.span;
  const { values, setValues, projectId, timeZone } = useUsageQuery();
  const usage = useUsageReport(
    {
      from,
      to,
      bucket,
      timeZone,
      groupBy: values.groupBy,
      ...(projectId && { projectId }),
    },
    { ...(includesNow && { refreshMs: LIVE_REFRESH_MS }) },
  );

  if (usage.status === 'loading') {
    return <BlockSkeleton label="Loading usage" height={560} />;
  }
  if (usage.status === 'error') {
    return (
      <ErrorState
        error={usage.error}
        title="Usage could not be loaded"
        onRetry={usage.refresh}
      />
    );
  }
  return (
    <>
      <StaleNotice error={usage.error} onRetry={usage.refresh} />
      <UsageReportView
        report={usage.value}
        isOutdated={usage.stale && !usage.error}
        metric={values.metric}
        view={values.view}
        onMetric={metric => setValues({ metric })}
        onView={view => setValues({ view })}
      />
    </>
  );
}
