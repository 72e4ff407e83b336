import type { CreatedApiKey } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import Dialog from '@material-ui/core/Dialog';
import { type Theme, useTheme } from '@material-ui/core/styles';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import { useId, useState } from 'react';
import { CreateApiKeyStep } from './CreateApiKeyStep';
import { CreatedApiKeyStep } from './CreatedApiKeyStep';
import { useLeaveWarning } from './useLeaveWarning';

interface CreationProps {
  /** The model that the key is wanted for. */
  modelId: string | undefined;
  onClose: () => void;
}

/** Creates a key, then shows its secret once. Once there is a secret, only the reader's word that it is stored closes the dialog. */
export function CreateApiKeyDialog(props: CreationProps & { open: boolean }) {
  const { open, ...creation } = props;
  const [holdsSecret, setHoldsSecret] = useState(false);
  // Going back in the history takes `open` away, but must not take the secret away.
  return open || holdsSecret ? (
    <Creation {...creation} onHoldsSecret={setHoldsSecret} />
  ) : null;
}

/** One opening of the dialog. */
function Creation(
  props: CreationProps & { onHoldsSecret: (holds: boolean) => void },
) {
  const { modelId, onClose, onHoldsSecret } = props;
  const titleId = useId();
  const theme = useTheme<Theme>();
  const fullScreen = useMediaQuery(theme.breakpoints.down('xs'), {
    noSsr: true,
  });
  const [created, setCreated] = useState<CreatedApiKey>();
  const [busy, setBusy] = useState(false);
  useLeaveWarning(Boolean(created?.secret));

  return (
    <Dialog
      open
      fullWidth
      fullScreen={fullScreen}
      maxWidth={created ? 'md' : 'sm'}
      aria-labelledby={titleId}
      onClose={() => !created && !busy && onClose()}
    >
      {created ? (
        <CreatedApiKeyStep
          titleId={titleId}
          created={created}
          onDone={() => {
            onHoldsSecret(false);
            onClose();
          }}
        />
      ) : (
        <CreateApiKeyStep
          titleId={titleId}
          modelId={modelId}
          onCancel={onClose}
          onBusy={setBusy}
          onCreated={answer => {
            onHoldsSecret(true);
            setCreated(answer);
          }}
        />
      )}
    </Dialog>
  );
}
