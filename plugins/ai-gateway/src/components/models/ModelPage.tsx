import {
  ControlPlaneError,
  endpoints,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { Link, LinkButton } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import SearchIcon from '@material-ui/icons/Search';
import { useLocation, useParams } from 'react-router-dom';
import { useEndpoint } from '../../hooks';
import { modelsRouteRef } from '../../routes';
import {
  BlockSkeleton,
  EmptyState,
  ErrorState,
  PageFrame,
  StaleNotice,
} from '../shared';
import { CreateKeyButton } from './CreateKeyButton';
import { ModelDetails } from './ModelDetails';

const REFRESH_MS = 10_000;

/** One model: everything about it and how to call it. */
export function ModelPage() {
  const { modelId = '' } = useParams();
  // The key forgets the model before, so that one model's page never shows another's facts.
  return <ModelOfId key={modelId} modelId={modelId} />;
}

function ModelOfId(props: { modelId: string }) {
  const { modelId } = props;
  const model = useEndpoint(
    endpoints.getModel,
    { params: { modelId } },
    { refreshMs: REFRESH_MS },
  );
  const modelsPath = useRouteRef(modelsRouteRef);
  const { search } = useLocation();
  const allModels = (
    <Link to={`${modelsPath()}${search}`}>Back to all models</Link>
  );

  if (isNotFound(model.error)) {
    return (
      <PageFrame title={modelId} description={allModels}>
        <EmptyState
          title="There is no such model"
          icon={<SearchIcon />}
          action={
            <LinkButton to={modelsPath()} variant="contained" color="primary">
              See all models
            </LinkButton>
          }
        >
          <code>{modelId}</code> is not published, or never was. Ask its owner,
          or choose another.
        </EmptyState>
      </PageFrame>
    );
  }
  if (model.status === 'loading') {
    return (
      <PageFrame title={modelId} description={allModels}>
        <BlockSkeleton label="Loading the model" height={480} />
      </PageFrame>
    );
  }
  if (model.status === 'error') {
    return (
      <PageFrame title={modelId} description={allModels}>
        <ErrorState
          error={model.error}
          title="The model could not be loaded"
          onRetry={model.refresh}
        />
      </PageFrame>
    );
  }
  return (
    <PageFrame
      title={model.value.title}
      description={allModels}
      actions={<CreateKeyButton model={model.value} primary />}
    >
      <StaleNotice error={model.error} onRetry={model.refresh} />
      <ModelDetails model={model.value} />
    </PageFrame>
  );
}

function isNotFound(error: Error | undefined): boolean {
  return error instanceof ControlPlaneError && error.status === 404;
}
