import {
  formatLatency,
  type ProviderTestResult,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { StatusChip } from '../../shared';

const SHOWN_MODELS = 12;

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(0.5),
    overflowWrap: 'anywhere',
    minWidth: 0,
  },
}));

/** What came of trying a connection: how long it took and what it offers, or what happened and what to do. */
export function ConnectionResult(props: {
  result: ProviderTestResult;
  /** In a row: without the list of models. */
  brief?: boolean;
}) {
  const { result, brief = false } = props;
  const classes = useStyles();
  return (
    <div className={classes.root} role="status">
      <StatusChip tone={result.ok ? 'good' : 'bad'}>
        {connectionSummary(result)}
      </StatusChip>
      {(!result.ok || !brief) && (
        <Typography variant="body2" color="textSecondary">
          {result.message}
        </Typography>
      )}
      {!brief && result.models.length > 0 && (
        <Typography variant="body2" color="textSecondary">
          {listModels(result.models)}
        </Typography>
      )}
    </div>
  );
}

/** In a few words: `Connected in 143 ms, 7 models`. */
export function connectionSummary(
  { ok, latencyMs, models }: ProviderTestResult,
  locale?: string,
): string {
  if (!ok) return 'Not connected';
  const time =
    latencyMs === null ? '' : ` in ${formatLatency(latencyMs, locale)}`;
  const count = models.length.toLocaleString(locale);
  return `Connected${time}, ${count} ${models.length === 1 ? 'model' : 'models'}`;
}

function listModels(models: readonly string[]): string {
  const shown = models.slice(0, SHOWN_MODELS).join(', ');
  const more = models.length - SHOWN_MODELS;
  return more > 0 ? `${shown} and ${more.toLocaleString()} more` : shown;
}
