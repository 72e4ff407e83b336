import { InfoCard } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import {
  CapabilityChips,
  ContextWindow,
  CreateKeyButton,
  ModelLink,
  ModelPrice,
  ModelStatusChip,
} from '../models';
import { BlockSkeleton, ErrorState, FactList, SentenceCase } from '../shared';
import { useEntityModel } from './useEntityModel';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'flex-start',
    gap: theme.spacing(2),
  },
  actions: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(2),
  },
}));

/** A model on its page in the catalog: whether it can be called, what it costs and what it can do. */
export function EntityAiModelCard() {
  const classes = useStyles();
  const model = useEntityModel();

  return (
    <SentenceCase>
      <InfoCard title="AI model">
        {model.status === 'loading' && (
          <BlockSkeleton label="Loading the model" height={180} />
        )}
        {model.status === 'error' && (
          <ErrorState
            error={model.error}
            title="The model could not be loaded"
            onRetry={model.refresh}
          />
        )}
        {model.status === 'ready' && (
          <div className={classes.root}>
            <FactList
              facts={[
                ['Status', <ModelStatusChip status={model.value.status} />],
                ['Price', <ModelPrice price={model.value.price} />],
                [
                  'Context window',
                  <ContextWindow tokens={model.value.contextWindow} />,
                ],
                [
                  'Capabilities',
                  <CapabilityChips capabilities={model.value.capabilities} />,
                ],
              ]}
            />
            <div className={classes.actions}>
              <CreateKeyButton model={model.value} primary />
              <Typography variant="body2">
                <ModelLink
                  model={{ id: model.value.id, title: 'How to call it' }}
                />
              </Typography>
            </div>
          </div>
        )}
      </InfoCard>
    </SentenceCase>
  );
}
