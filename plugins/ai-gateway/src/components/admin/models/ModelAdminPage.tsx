import {
  type Deployment,
  endpoints,
  type Me,
  type Model,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { useApi } from '@backstage/core-plugin-api';
import { LinkButton } from '@backstage/core-components';
import Button from '@material-ui/core/Button';
import Grid from '@material-ui/core/Grid';
import CallSplitIcon from '@material-ui/icons/CallSplit';
import SearchIcon from '@material-ui/icons/Search';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router-dom';
import { aiGatewayApiRef } from '../../../api';
import { EmptyState } from '../../shared';
import { useAdminPaths } from '../adminPaths';
import {
  DeploymentCard,
  DeploymentDialog,
  type DeploymentQuestion,
} from '../deployments';
import { nextStepLabel, nextStepOfModel, SetupSteps } from '../setup';
import { ConfirmDialog, Loaded, SectionHead, useAdminLists } from '../shared';
import { ModelAdminFacts } from './ModelAdminFacts';
import { ModelPanelDrawer } from './ModelPanelDrawer';

/** One model: what it is, its deployments, and what it still needs before it can be called. */
export function ModelAdminPage(props: { me: Me }) {
  const { modelId = '' } = useParams();
  const { models, deployments, providers } = useAdminLists();
  const paths = useAdminPaths();
  return (
    <Loaded of={{ models, deployments, providers }} what="models">
      {loaded => {
        const model = loaded.models.find(({ id }) => id === modelId);
        const own = loaded.deployments.filter(
          deployment => deployment.modelId === modelId,
        );
        return model ? (
          <>
            <ModelAdmin
              model={model}
              deployments={own}
              hasProvider={
                !props.me.can.manageProviders || loaded.providers.length > 0
              }
            />
            <ModelPanelDrawer
              model={model}
              deployments={own}
              providers={loaded.providers}
              me={props.me}
            />
          </>
        ) : (
          <EmptyState
            title={`There is no model ${modelId}`}
            icon={<SearchIcon />}
            action={
              <LinkButton to={paths.models()} variant="outlined">
                See all models
              </LinkButton>
            }
          >
            It may have been deleted.
          </EmptyState>
        );
      }}
    </Loaded>
  );
}

function ModelAdmin(props: {
  model: Model;
  deployments: readonly Deployment[];
  hasProvider: boolean;
}) {
  const { model, deployments, hasProvider } = props;
  const paths = useAdminPaths();
  const api = useApi(aiGatewayApiRef);
  const navigate = useNavigate();
  const { refresh } = useAdminLists();
  const [asked, setAsked] = useState<{
    question: DeploymentQuestion;
    deploymentId: string;
  }>();
  const [deleting, setDeleting] = useState(false);
  const next = nextStepOfModel(model, deployments, hasProvider);
  const subject = deployments.find(({ id }) => id === asked?.deploymentId);
  const addDeployment = (
    <LinkButton
      to={paths.model(model.id, { panel: 'add-deployment' })}
      variant={deployments.length === 0 ? 'contained' : 'outlined'}
      color="primary"
    >
      Add deployment
    </LinkButton>
  );

  return (
    <>
      <SectionHead
        title={model.title}
        actions={
          <>
            <LinkButton
              to={paths.model(model.id, { panel: 'edit' })}
              variant="outlined"
            >
              Edit model
            </LinkButton>
            {deployments.length === 0 && (
              <Button onClick={() => setDeleting(true)}>Delete model</Button>
            )}
          </>
        }
      >
        {model.description || 'No description yet'}
      </SectionHead>
      {next && (
        <SetupSteps
          title={`Before ${model.id} can be called`}
          next={next}
          {...(next.kind === 'publish' && {
            action: (
              <Button
                variant="contained"
                color="primary"
                onClick={() =>
                  setAsked({
                    question: 'publish',
                    deploymentId: next.deploymentId,
                  })
                }
              >
                {nextStepLabel(next)}
              </Button>
            ),
          })}
        />
      )}
      <ModelAdminFacts model={model} />
      <SectionHead title="Deployments" actions={addDeployment}>
        Where requests for {model.id} go
      </SectionHead>
      {deployments.length === 0 ? (
        <EmptyState
          title="No deployments yet"
          icon={<CallSplitIcon />}
          action={addDeployment}
        >
          A deployment says which provider serves the model, and what it is
          called there. It starts unpublished.
        </EmptyState>
      ) : (
        <Grid container spacing={2}>
          {deployments.map(deployment => (
            <Grid item xs={12} md={6} key={deployment.id}>
              <DeploymentCard
                deployment={deployment}
                onAsk={question =>
                  setAsked({ question, deploymentId: deployment.id })
                }
              />
            </Grid>
          ))}
        </Grid>
      )}
      {asked && subject && (
        <DeploymentDialog
          question={asked.question}
          deployment={subject}
          siblings={deployments.filter(({ id }) => id !== subject.id)}
          onClose={() => setAsked(undefined)}
          onDone={refresh}
        />
      )}
      {deleting && (
        <ConfirmDialog
          danger
          title={`Delete ${model.id}?`}
          action="Delete model"
          cancel="Keep model"
          failure="The model was not deleted"
          onClose={() => setDeleting(false)}
          onConfirm={async () => {
            await api.call(endpoints.deleteModel, {
              params: { modelId: model.id },
            });
            navigate(paths.models());
            await refresh();
          }}
        >
          It has no deployments, so nothing calls it. Its description is
          forgotten.
        </ConfirmDialog>
      )}
    </>
  );
}
