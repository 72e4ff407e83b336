import {
  type Deployment,
  endpoints,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { useApi } from '@backstage/core-plugin-api';
import { aiGatewayApiRef } from '../../../api';
import { ConfirmDialog } from '../shared';
import { deploymentName } from './deploymentName';
import { publishWords, unpublishWords } from './publishWords';

/** What can be asked about a deployment. */
export type DeploymentQuestion = 'publish' | 'unpublish' | 'delete';

/** Asks before a deployment is published, taken out of service or deleted, and says what follows. */
export function DeploymentDialog(props: {
  question: DeploymentQuestion;
  deployment: Deployment;
  /** The other deployments of the model. */
  siblings: readonly Deployment[];
  onClose: () => void;
  onDone: () => Promise<void>;
}) {
  const { question, deployment, siblings, onClose, onDone } = props;
  const api = useApi(aiGatewayApiRef);
  const params = { deploymentId: deployment.id };

  if (question === 'publish') {
    const { title, effect } = publishWords(deployment, siblings);
    return (
      <ConfirmDialog
        danger={false}
        title={title}
        action="Publish deployment"
        cancel="Not yet"
        failure="The deployment was not published"
        onClose={onClose}
        onConfirm={async () => {
          await api.call(endpoints.publishDeployment, { params });
          await onDone();
        }}
      >
        {effect}
      </ConfirmDialog>
    );
  }
  if (question === 'unpublish') {
    const { title, effect } = unpublishWords(deployment, siblings);
    return (
      <ConfirmDialog
        danger
        title={title}
        action="Unpublish deployment"
        cancel="Keep it published"
        failure="The deployment was not unpublished"
        onClose={onClose}
        onConfirm={async () => {
          await api.call(endpoints.unpublishDeployment, { params });
          await onDone();
        }}
      >
        {effect}
      </ConfirmDialog>
    );
  }
  return (
    <ConfirmDialog
      danger
      title={`Delete ${deploymentName(deployment)}?`}
      action="Delete deployment"
      cancel="Keep deployment"
      failure="The deployment was not deleted"
      onClose={onClose}
      onConfirm={async () => {
        await api.call(endpoints.deleteDeployment, { params });
        await onDone();
      }}
    >
      Its prices are deleted with it. A deployment that was ever used stays, as
      its usage refers to it.
    </ConfirmDialog>
  );
}
