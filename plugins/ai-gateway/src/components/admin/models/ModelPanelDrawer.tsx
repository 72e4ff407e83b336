import type {
  Deployment,
  Me,
  Model,
  Provider,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { urlOptional, urlText, useUrlState } from '../../../hooks';
import { MODEL_PANELS } from '../adminPaths';
import { DeploymentForm, deploymentName } from '../deployments';
import { PriceDrawer } from '../prices';
import { FormDrawer, useAdminLists } from '../shared';
import { ModelForm } from './ModelForm';

const PARAMS = { panel: urlOptional(MODEL_PANELS), deployment: urlText() };

/** The drawer of a model's page, as its URL asks for. */
export function ModelPanelDrawer(props: {
  model: Model;
  /** Those of the model. */
  deployments: readonly Deployment[];
  providers: readonly Provider[];
  me: Me;
}) {
  const { model, deployments, providers, me } = props;
  const { refresh } = useAdminLists();
  const [{ panel, deployment: deploymentId }, setValues] = useUrlState(PARAMS);
  const deployment = deployments.find(({ id }) => id === deploymentId);
  const close = () => setValues({ panel: undefined, deployment: '' });
  const saved = () => {
    close();
    refresh();
  };

  if (panel === 'edit') {
    return (
      <FormDrawer
        title={`Edit ${model.title}`}
        onClose={close}
        onRefresh={refresh}
      >
        {reload => (
          <ModelForm
            model={model}
            me={me}
            onSaved={saved}
            onCancel={close}
            onReload={reload}
          />
        )}
      </FormDrawer>
    );
  }
  if (panel === 'set-price') {
    return deployment ? (
      <PriceDrawer deployment={deployment} onSaved={saved} onClose={close} />
    ) : null;
  }
  if (
    panel === 'add-deployment' ||
    (panel === 'edit-deployment' && deployment)
  ) {
    const edited = panel === 'edit-deployment' ? deployment : undefined;
    return (
      <FormDrawer
        title={
          edited
            ? `Edit ${deploymentName(edited)}`
            : `Add deployment to ${model.id}`
        }
        onClose={close}
        onRefresh={refresh}
      >
        {reload => (
          <DeploymentForm
            modelId={model.id}
            deployment={edited}
            providers={providers}
            onSaved={saved}
            onCancel={close}
            onReload={reload}
          />
        )}
      </FormDrawer>
    );
  }
  return null;
}
