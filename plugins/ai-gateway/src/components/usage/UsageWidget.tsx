import type { UsageReport } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { apiKeysRouteRef, usageRouteRef } from '../../routes';
import { BlockSkeleton, ErrorState, StaleNotice } from '../shared';
import { usageCards } from './cards';
import { spanUntilNow } from './range';
import { UsageFigure } from './UsageFigure';
import { readerTimeZone, useCurrentHour } from './useUsageQuery';
import { useUsageReport } from './useUsageReport';

const REFRESH_MS = 30_000;

const useStyles = makeStyles(theme => ({
  figures: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(9rem, 1fr))',
    gap: theme.spacing(3),
    marginBottom: theme.spacing(2),
  },
}));

/** For a home page: what the reader's projects spent and asked in the last seven days. A card's content, without the card. */
export function UsageWidget() {
  const timeZone = readerTimeZone();
  const { from, to, bucket } = spanUntilNow('7d', useCurrentHour(), timeZone);
  const usage = useUsageReport(
    { from, to, bucket, timeZone, groupBy: 'project' },
    { refreshMs: REFRESH_MS },
  );

  if (usage.status === 'loading') {
    return <BlockSkeleton label="Loading usage" height={160} />;
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
      <LastSevenDays report={usage.value} />
    </>
  );
}

function LastSevenDays(props: { report: UsageReport }) {
  const { report } = props;
  const classes = useStyles();
  const usagePath = useRouteRef(usageRouteRef);
  const apiKeysPath = useRouteRef(apiKeysRouteRef);
  const { totals, previousTotals } = report;

  if (totals.requests === 0 && previousTotals.requests === 0) {
    return (
      <>
        <Typography variant="body2" color="textSecondary" paragraph>
          Your projects have made no requests in the last seven days. Their
          spend and requests show here once one has.
        </Typography>
        <Link to={`${apiKeysPath()}?create`}>Create an API key</Link>
      </>
    );
  }
  return (
    <>
      <Typography variant="body2" color="textSecondary" gutterBottom>
        Your projects, last 7 days
      </Typography>
      <div className={classes.figures}>
        {usageCards(report)
          .filter(card => card.id === 'cost' || card.id === 'requests')
          .map(card => (
            <UsageFigure key={card.id} card={card} report={report} />
          ))}
      </div>
      <Link to={`${usagePath()}?groupBy=project`}>See usage by project</Link>
    </>
  );
}
