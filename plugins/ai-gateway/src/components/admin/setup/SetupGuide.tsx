import { useAdminLists } from '../shared';
import { nextStepOfAll } from './modelSetup';
import { SetupSteps } from './SetupSteps';

/**
 * Leads a new admin to the first model that can be called; shows nothing once there is one, while that is not known, and to those who
 * cannot go the whole way.
 */
export function SetupGuide(props: {
  /** Where the view below has that button already. */
  withoutButton?: boolean;
}) {
  const { can, providers, models, deployments } = useAdminLists();
  if (!can.manageProviders || !can.manageModels) return null;
  if (!providers.value || !models.value || !deployments.value) return null;
  const next = nextStepOfAll(
    models.value,
    deployments.value,
    providers.value.length > 0,
  );
  return next ? (
    <SetupSteps
      title="On the way to the first model"
      next={next}
      {...(props.withoutButton && { action: null })}
    />
  ) : null;
}
