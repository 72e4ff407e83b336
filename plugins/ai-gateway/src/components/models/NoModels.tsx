import { LinkButton } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { useMe } from '../../hooks';
import { adminRouteRef } from '../../routes';
import { EmptyState } from '../shared';

/** No model is published: an admin can change that, everybody else knows whom to ask. */
export function NoModels() {
  const me = useMe();
  const adminPath = useRouteRef(adminRouteRef);
  return me.value?.can.manageModels ? (
    <EmptyState
      title="No model is published yet"
      action={
        <LinkButton to={adminPath()} variant="contained" color="primary">
          Add a model
        </LinkButton>
      }
    >
      Register a provider, add a model with a deployment, set its price and
      publish it. It then shows here and in the catalog.
    </EmptyState>
  ) : (
    <EmptyState title="No model is published yet">
      Models show here as soon as a platform admin publishes one.
    </EmptyState>
  );
}
