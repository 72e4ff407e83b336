import {
  endpoints,
  type Provider,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { useApi } from '@backstage/core-plugin-api';
import { aiGatewayApiRef } from '../../../api';
import { ConfirmDialog } from '../shared';

/** Asks before a provider is deleted; one with deployments stays. */
export function DeleteProviderDialog(props: {
  provider: Provider;
  onClose: () => void;
  onDeleted: () => Promise<void>;
}) {
  const { provider, onClose, onDeleted } = props;
  const api = useApi(aiGatewayApiRef);
  return (
    <ConfirmDialog
      danger
      title={`Delete ${provider.title}?`}
      action="Delete provider"
      cancel="Keep provider"
      failure="The provider was not deleted"
      onClose={onClose}
      onConfirm={async () => {
        await api.call(endpoints.deleteProvider, {
          params: { providerId: provider.id },
        });
        await onDeleted();
      }}
    >
      {provider.deploymentCount > 0
        ? `It still has ${provider.deploymentCount} ${
            provider.deploymentCount === 1 ? 'deployment' : 'deployments'
          }, and cannot be deleted before they are.`
        : 'No deployment uses it. Its address and its secret reference are forgotten.'}
    </ConfirmDialog>
  );
}
