import {
  type ApiKey,
  endpoints,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogContentText from '@material-ui/core/DialogContentText';
import DialogTitle from '@material-ui/core/DialogTitle';
import { useId } from 'react';
import { aiGatewayApiRef } from '../../api';
import { useAction } from '../../hooks';
import { DangerButton, InlineError, RelativeTime } from '../shared';
import { KeyEnding } from './KeyEnding';

/** Asks before a key stops working, naming the key and what follows. */
export function RevokeApiKeyDialog(props: {
  apiKey: ApiKey;
  onClose: () => void;
  /** After it was revoked. */
  onRevoked: () => Promise<void>;
}) {
  const { apiKey, onClose, onRevoked } = props;
  const api = useApi(aiGatewayApiRef);
  const titleId = useId();
  const { run, busy, error } = useAction(async () => {
    await api.call(endpoints.revokeApiKey, {
      params: { apiKeyId: apiKey.id },
    });
    await onRevoked();
    onClose();
  });

  return (
    <Dialog
      open
      maxWidth="xs"
      fullWidth
      aria-labelledby={titleId}
      onClose={() => !busy && onClose()}
    >
      <DialogTitle id={titleId}>Revoke {apiKey.label}?</DialogTitle>
      <DialogContent>
        <DialogContentText color="textPrimary">
          {apiKey.lastUsedAt ? (
            <>
              It was last used <RelativeTime at={apiKey.lastUsedAt} />.{' '}
            </>
          ) : (
            'It was never used. '
          )}
          Calls with the key <KeyEnding lastFour={apiKey.lastFour} /> fail
          within a second. This cannot be undone.
        </DialogContentText>
        <InlineError error={error} title="The key was not revoked" />
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose} disabled={busy}>
          Keep key
        </Button>
        <DangerButton onClick={run} disabled={busy}>
          Revoke key
        </DangerButton>
      </DialogActions>
    </Dialog>
  );
}
