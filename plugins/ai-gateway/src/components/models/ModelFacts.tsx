import type { Model } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import Typography from '@material-ui/core/Typography';
import { FactList, RelativeTime } from '../shared';
import { CapabilityChips } from './CapabilityChips';
import { ContextWindow } from './ContextWindow';
import { LIFECYCLE_LABELS, MODALITY_LABELS } from './labels';
import { ModelStatusChip } from './ModelStatusChip';
import { providerNames } from './providerNames';

/** What is known of a model, except its price. */
export function ModelFacts(props: { model: Model }) {
  const { model } = props;
  return (
    <>
      {model.description && (
        <Typography variant="body2" paragraph>
          {model.description}
        </Typography>
      )}
      <FactList
        facts={[
          ['Status', <ModelStatusChip status={model.status} />],
          ['Name in requests', <code>{model.id}</code>],
          ['Modality', MODALITY_LABELS[model.modality]],
          ['Context window', <ContextWindow tokens={model.contextWindow} />],
          ['Longest answer', <ContextWindow tokens={model.maxOutputTokens} />],
          [
            'Capabilities',
            model.capabilities.length > 0 ? (
              <CapabilityChips capabilities={model.capabilities} />
            ) : (
              'None stated'
            ),
          ],
          ['Owner', <EntityRefLink entityRef={model.ownerRef} />],
          ['Lifecycle', LIFECYCLE_LABELS[model.lifecycle]],
          ['Served by', providerNames(model)],
          [
            'In the catalog',
            model.entityRef ? (
              <EntityRefLink entityRef={model.entityRef} />
            ) : (
              'Not published'
            ),
          ],
          ['Changed', <RelativeTime at={model.updatedAt} />],
        ]}
      />
    </>
  );
}
