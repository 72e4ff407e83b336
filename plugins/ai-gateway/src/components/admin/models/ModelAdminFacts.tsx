import type { Model } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import Paper from '@material-ui/core/Paper';
import { makeStyles } from '@material-ui/core/styles';
import {
  CAPABILITY_LABELS,
  LIFECYCLE_LABELS,
  MODALITY_LABELS,
} from '../../models/labels';
import { ModelStatusChip } from '../../models/ModelStatusChip';
import { FactList, RelativeTime, TokenCount } from '../../shared';
import { Person } from '../shared';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(16rem, 1fr))',
    gap: theme.spacing(1, 4),
    padding: theme.spacing(2),
    marginBottom: theme.spacing(3),
  },
}));

/** What a model is, for those who manage it. */
export function ModelAdminFacts(props: { model: Model }) {
  const { model } = props;
  const classes = useStyles();
  return (
    <Paper variant="outlined" className={classes.root}>
      <FactList
        facts={[
          ['Status', <ModelStatusChip status={model.status} />],
          ['Model id', <code>{model.id}</code>],
          ['Owner', <Person entityRef={model.ownerRef} />],
          ['Lifecycle', LIFECYCLE_LABELS[model.lifecycle]],
        ]}
      />
      <FactList
        facts={[
          ['Modality', MODALITY_LABELS[model.modality]],
          [
            'Capabilities',
            model.capabilities
              .map(capability => CAPABILITY_LABELS[capability])
              .join(', ') || 'None named',
          ],
          ['Context window', <Tokens count={model.contextWindow} />],
          ['Longest answer', <Tokens count={model.maxOutputTokens} />],
          ['Changed', <RelativeTime at={model.updatedAt} />],
        ]}
      />
    </Paper>
  );
}

function Tokens(props: { count: number | null }) {
  return props.count === null ? (
    <>Unknown</>
  ) : (
    <>
      <TokenCount count={props.count} /> tokens
    </>
  );
}
