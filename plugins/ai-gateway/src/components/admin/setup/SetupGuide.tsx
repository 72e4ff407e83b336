import { useAdminLists } from '../shared';
import { nextStepOfAll } from './modelSetup';
import { SetupSteps } from './SetupSteps';

/** Leads a new admin to the first model that can be called; shows nothing once there is one, or while that is not known. */
export function SetupGuide() {
  const { providers, models, deployments } = useAdminLists();
  if (!providers.value || !models.value || !deployments.value) return null;
  const next = nextStepOfAll(
    models.value,
    deployments.value,
    providers.value.length,
  );
  return next ? (
    <SetupSteps title="On the way to the first model" next={next} />
  ) : null;
}
