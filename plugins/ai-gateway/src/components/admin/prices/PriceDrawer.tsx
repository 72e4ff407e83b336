import type { Deployment } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { deploymentName } from '../deployments/deploymentName';
import { SideDrawer } from '../shared';
import { PriceForm } from './PriceForm';

/** Adds a price beside what it belongs to. */
export function PriceDrawer(props: {
  deployment: Deployment;
  onSaved: () => void;
  onClose: () => void;
}) {
  const { deployment, onSaved, onClose } = props;
  return (
    <SideDrawer
      title={`Price of ${deploymentName(deployment)}`}
      onClose={onClose}
    >
      <PriceForm deployment={deployment} onSaved={onSaved} onCancel={onClose} />
    </SideDrawer>
  );
}
