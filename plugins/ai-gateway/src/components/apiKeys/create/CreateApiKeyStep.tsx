import type { CreatedApiKey } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import Button from '@material-ui/core/Button';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogTitle from '@material-ui/core/DialogTitle';
import { useMe } from '../../../hooks';
import { BlockSkeleton, EmptyState, ErrorState } from '../../shared';
import { CreateApiKeyForm } from './CreateApiKeyForm';

/** The first step of a creation: what the key is to be. */
export function CreateApiKeyStep(props: {
  titleId: string;
  modelId: string | undefined;
  onCancel: () => void;
  onBusy: (busy: boolean) => void;
  onCreated: (created: CreatedApiKey) => void;
}) {
  const { titleId, onCancel, ...form } = props;
  const me = useMe();
  const title = <DialogTitle id={titleId}>Create an API key</DialogTitle>;

  if (me.status === 'ready' && me.value.projects.length > 0) {
    return (
      <>
        {title}
        <CreateApiKeyForm
          projects={me.value.projects}
          ownershipRefs={me.value.ownershipRefs}
          onCancel={onCancel}
          {...form}
        />
      </>
    );
  }
  return (
    <>
      {title}
      <DialogContent>
        {me.status === 'loading' && (
          <BlockSkeleton label="Loading your projects" height={320} />
        )}
        {me.status === 'error' && (
          <ErrorState
            error={me.error}
            title="Your projects could not be loaded"
            onRetry={me.refresh}
          />
        )}
        {me.status === 'ready' && (
          <EmptyState title="You have no project yet">
            A project pays for what a key uses. A platform admin can create one
            that one of your teams owns.
          </EmptyState>
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={onCancel}>Close</Button>
      </DialogActions>
    </>
  );
}
