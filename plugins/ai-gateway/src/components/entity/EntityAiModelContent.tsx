import { makeStyles } from '@material-ui/core/styles';
import { CreateKeyButton, ModelDetails } from '../models';
import {
  BlockSkeleton,
  ErrorState,
  SentenceCase,
  StaleNotice,
} from '../shared';
import { useEntityModel } from './useEntityModel';

const useStyles = makeStyles(theme => ({
  actions: {
    display: 'flex',
    justifyContent: 'flex-end',
    marginBottom: theme.spacing(2),
  },
}));

/** A tab of a model's page in the catalog: everything about it and how to call it. */
export function EntityAiModelContent() {
  return (
    <SentenceCase>
      <EntityModel />
    </SentenceCase>
  );
}

function EntityModel() {
  const classes = useStyles();
  const model = useEntityModel();

  if (model.status === 'loading') {
    return <BlockSkeleton label="Loading the model" height={480} />;
  }
  if (model.status === 'error') {
    return (
      <ErrorState
        error={model.error}
        title="The model could not be loaded"
        onRetry={model.refresh}
      />
    );
  }
  return (
    <>
      <StaleNotice error={model.error} onRetry={model.refresh} />
      <div className={classes.actions}>
        <CreateKeyButton model={model.value} primary />
      </div>
      <ModelDetails model={model.value} />
    </>
  );
}
