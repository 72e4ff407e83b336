import type { Provider } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { LinkButton } from '@backstage/core-components';
import CloudOutlinedIcon from '@material-ui/icons/CloudOutlined';
import { useState } from 'react';
import { urlText, useUrlState } from '../../../hooks';
import { EmptyState } from '../../shared';
import { useAdminPaths } from '../adminPaths';
import { SetupGuide } from '../setup';
import { FormDrawer, Loaded, SectionHead, useAdminLists } from '../shared';
import { DeleteProviderDialog } from './DeleteProviderDialog';
import { ProviderForm } from './ProviderForm';
import { ProviderTable } from './ProviderTable';

/** `new`, or the id of the provider in the drawer. */
const PARAMS = { provider: urlText() };

/** Upstream accounts: registered, tried, changed, deleted. */
export function ProvidersSection() {
  const { providers, refresh } = useAdminLists();
  const paths = useAdminPaths();
  const [{ provider: opened }, setValues] = useUrlState(PARAMS);
  const [deleting, setDeleting] = useState<Provider>();
  const isEmpty = providers.value?.length === 0;
  const close = () => setValues({ provider: '' });
  const register = (
    <LinkButton to={paths.providers('new')} variant="contained" color="primary">
      Register provider
    </LinkButton>
  );

  return (
    <>
      <SectionHead title="Providers" actions={!isEmpty && register}>
        Accounts at those who run models: where they are, and where the gateway
        finds the credential.
      </SectionHead>
      <SetupGuide withoutButton={isEmpty} />
      <Loaded of={{ providers }} what="providers">
        {loaded => {
          const edited = loaded.providers.find(({ id }) => id === opened);
          return (
            <>
              {loaded.providers.length === 0 ? (
                <EmptyState
                  title="No providers yet"
                  icon={<CloudOutlinedIcon />}
                  action={register}
                >
                  A provider is an account at OpenAI, or any server that speaks
                  its API, such as vLLM. Register one, test its connection, then
                  give its models to your engineers.
                </EmptyState>
              ) : (
                <ProviderTable
                  providers={loaded.providers}
                  onDelete={setDeleting}
                />
              )}
              {(opened === 'new' || edited) && (
                <FormDrawer
                  title={edited ? `Edit ${edited.title}` : 'Register provider'}
                  onClose={close}
                  onRefresh={refresh}
                >
                  {reload => (
                    <ProviderForm
                      provider={edited}
                      onCancel={close}
                      onReload={reload}
                      onSaved={() => {
                        close();
                        refresh();
                      }}
                    />
                  )}
                </FormDrawer>
              )}
            </>
          );
        }}
      </Loaded>
      {deleting && (
        <DeleteProviderDialog
          provider={deleting}
          onClose={() => setDeleting(undefined)}
          onDeleted={refresh}
        />
      )}
    </>
  );
}
