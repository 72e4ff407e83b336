export { DeploymentCard } from './DeploymentCard';
export { DeploymentDialog, type DeploymentQuestion } from './DeploymentDialog';
export { DeploymentForm } from './DeploymentForm';
export { deploymentName } from './deploymentName';
