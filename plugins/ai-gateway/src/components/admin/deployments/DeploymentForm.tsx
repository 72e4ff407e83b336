import {
  createDeploymentSchema,
  type Deployment,
  endpoints,
  type Provider,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { useApi } from '@backstage/core-plugin-api';
import MenuItem from '@material-ui/core/MenuItem';
import { useState } from 'react';
import { aiGatewayApiRef } from '../../../api';
import { useZodForm } from '../../../hooks';
import { FormField } from '../../shared';
import { DrawerForm, SaveError } from '../shared';
import {
  deploymentChange,
  draftOfDeployment,
  draftToDeployment,
  newDeploymentDraft,
} from './deploymentDraft';
import { UpstreamModelField } from './UpstreamModelField';

/** Adds a deployment to a model, or changes one. */
export function DeploymentForm(props: {
  modelId: string;
  /** The one to be changed; a new one when `undefined`. */
  deployment: Deployment | undefined;
  providers: readonly Provider[];
  onSaved: (deployment: Deployment) => void;
  onCancel: () => void;
  /** Loads the deployment anew after somebody else changed it. */
  onReload: () => void;
}) {
  const { modelId, providers, onSaved, onCancel, onReload } = props;
  // The page behind may be refreshed; what is changed is the version that the fields were filled with.
  const [deployment] = useState(props.deployment);
  const api = useApi(aiGatewayApiRef);
  const form = useZodForm({
    schema: createDeploymentSchema,
    initial: deployment
      ? draftOfDeployment(deployment)
      : newDeploymentDraft(providers),
    toInput: draft => draftToDeployment(draft, modelId),
    submit: async body => {
      onSaved(
        deployment
          ? await api.call(endpoints.updateDeployment, {
              params: { deploymentId: deployment.id },
              body: deploymentChange(body, deployment.version),
            })
          : await api.call(endpoints.createDeployment, { body }),
      );
    },
  });
  const { values, set, touch, field, problem } = form;
  const choices = deployment ? [deployment.provider] : providers;

  return (
    <DrawerForm
      formRef={form.ref}
      onSubmit={form.onSubmit}
      submitting={form.submitting}
      submitLabel={deployment ? 'Save deployment' : 'Add deployment'}
      onCancel={onCancel}
    >
      <SaveError
        error={form.error}
        title={
          deployment
            ? 'The deployment was not saved'
            : 'The deployment was not added'
        }
        {...(deployment && { onReload })}
      />
      <FormField
        {...field('providerId')}
        select
        required
        label="Provider"
        disabled={deployment !== undefined}
        problem={problem('providerId') && 'Choose a provider'}
        hint={providerHint(deployment, providers)}
      >
        {choices.map(({ id, title, enabled }) => (
          <MenuItem key={id} value={id}>
            {enabled ? title : `${title} (disabled)`}
          </MenuItem>
        ))}
      </FormField>
      <UpstreamModelField
        {...field('upstreamModel')}
        providerId={values.providerId}
        onChange={upstreamModel => set({ upstreamModel })}
        onBlur={() => touch('upstreamModel')}
      />
      <FormField
        {...field('weight')}
        required
        label="Weight"
        hint="Its share of the calls among deployments of the same priority"
        problem={problem('weight') && 'Enter a whole number from 1 to 1,000'}
        inputProps={{ inputMode: 'numeric' }}
      />
      <FormField
        {...field('priority')}
        required
        label="Priority"
        hint="0 is tried first, larger numbers when those before fail"
        problem={problem('priority') && 'Enter a whole number from 0 to 1,000'}
        inputProps={{ inputMode: 'numeric' }}
      />
    </DrawerForm>
  );
}

function providerHint(
  deployment: Deployment | undefined,
  providers: readonly Provider[],
): string {
  if (deployment) {
    return 'A provider stays as it is; add another deployment instead';
  }
  return providers.length === 0
    ? 'There is none that you may use; ask those who manage providers'
    : 'Who runs the model';
}
