import type { Model } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { CapabilityChips } from './CapabilityChips';
import { ContextWindow } from './ContextWindow';
import { CreateKeyButton } from './CreateKeyButton';
import { MODALITY_LABELS } from './labels';
import { ModalityIcon } from './ModalityIcon';
import { ModelLink } from './ModelLink';
import { ModelPrice } from './ModelPrice';
import { ModelStatusChip } from './ModelStatusChip';
import { ProviderMark } from './ProviderMark';
import { providerNames } from './providerNames';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(1.5),
    boxSizing: 'border-box',
    height: '100%',
    padding: theme.spacing(2),
  },
  head: {
    display: 'flex',
    alignItems: 'flex-start',
    gap: theme.spacing(1.5),
  },
  names: { flex: 1, minWidth: 0, overflowWrap: 'anywhere' },
  facts: {
    display: 'grid',
    gridTemplateColumns: 'auto 1fr',
    gap: theme.spacing(0.5, 2),
    margin: 0,
    ...theme.typography.body2,
    '& dt': { color: theme.palette.text.secondary },
    '& dd': { margin: 0, minWidth: 0, overflowWrap: 'anywhere' },
  },
  modality: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.75),
  },
  foot: {
    display: 'flex',
    alignItems: 'flex-end',
    justifyContent: 'space-between',
    gap: theme.spacing(1),
    marginTop: 'auto',
  },
}));

/** A model at a glance, with what to do with it. */
export function ModelCard(props: { model: Model }) {
  const { model } = props;
  const classes = useStyles();
  return (
    <Paper
      variant="outlined"
      component="article"
      className={classes.root}
      aria-label={model.title}
    >
      <div className={classes.head}>
        <ProviderMark providers={model.providers} />
        <div className={classes.names}>
          <Typography variant="h6" component="h3">
            <ModelLink model={model} />
          </Typography>
          <Typography variant="body2" color="textSecondary">
            {providerNames(model)}
          </Typography>
        </div>
        <ModelStatusChip status={model.status} />
      </div>
      <dl className={classes.facts}>
        <dt>Modality</dt>
        <dd className={classes.modality}>
          <ModalityIcon modality={model.modality} />
          {MODALITY_LABELS[model.modality]}
        </dd>
        <dt>Context</dt>
        <dd>
          <ContextWindow tokens={model.contextWindow} />
        </dd>
        <dt>Owner</dt>
        <dd>
          <EntityRefLink entityRef={model.ownerRef} hideIcon />
        </dd>
      </dl>
      {model.capabilities.length > 0 && (
        <CapabilityChips capabilities={model.capabilities} />
      )}
      <div className={classes.foot}>
        <ModelPrice price={model.price} />
        <CreateKeyButton model={model} />
      </div>
    </Paper>
  );
}
