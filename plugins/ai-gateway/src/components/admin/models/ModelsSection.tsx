import type { Me } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { LinkButton } from '@backstage/core-components';
import ViewModuleOutlinedIcon from '@material-ui/icons/ViewModuleOutlined';
import { useNavigate } from 'react-router-dom';
import { urlText, useUrlState } from '../../../hooks';
import { EmptyState } from '../../shared';
import { useAdminPaths } from '../adminPaths';
import { SetupGuide } from '../setup';
import { FormDrawer, Loaded, SectionHead, useAdminLists } from '../shared';
import { ModelAdminTable } from './ModelAdminTable';
import { ModelForm } from './ModelForm';

const PARAMS = { model: urlText() };

/** Every model with its deployments, to be added, changed and published. */
export function ModelsSection(props: { me: Me }) {
  const { me } = props;
  const { models, deployments, providers, refresh } = useAdminLists();
  const paths = useAdminPaths();
  const navigate = useNavigate();
  const [{ model: opened }, setValues] = useUrlState(PARAMS);
  const isEmpty = models.value?.length === 0;
  const close = () => setValues({ model: '' });
  const add = (
    <LinkButton to={paths.models('new')} variant="contained" color="primary">
      Add model
    </LinkButton>
  );

  return (
    <>
      <SectionHead title="Models and deployments" actions={!isEmpty && add}>
        A model is what applications name; its deployments are where its
        requests go. It is published as soon as one of them is.
      </SectionHead>
      <SetupGuide withoutButton={isEmpty && providers.value?.length !== 0} />
      <Loaded of={{ models, deployments, providers }} what="models">
        {loaded =>
          loaded.models.length === 0 ? (
            <EmptyState
              title="No models yet"
              icon={<ViewModuleOutlinedIcon />}
              action={add}
            >
              Add the first model, then give it a deployment at one of your
              providers, a price, and publish it.
            </EmptyState>
          ) : (
            <ModelAdminTable
              models={loaded.models}
              deployments={loaded.deployments}
              hasProvider={
                !me.can.manageProviders || loaded.providers.length > 0
              }
            />
          )
        }
      </Loaded>
      {opened === 'new' && (
        <FormDrawer title="Add model" onClose={close} onRefresh={refresh}>
          {reload => (
            <ModelForm
              model={undefined}
              me={me}
              onCancel={close}
              onReload={reload}
              onSaved={model => {
                refresh();
                navigate(paths.model(model.id));
              }}
            />
          )}
        </FormDrawer>
      )}
    </>
  );
}
