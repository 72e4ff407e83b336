import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogContentText from '@material-ui/core/DialogContentText';
import DialogTitle from '@material-ui/core/DialogTitle';
import { type ReactNode, useId } from 'react';
import { useAction } from '../../../hooks';
import { DangerButton } from '../../shared';
import { SaveError } from './SaveError';

/** Asks before something happens that others notice. */
export function ConfirmDialog(props: {
  /** A question that names the subject: "Unpublish gpt-4o?" */
  title: string;
  /** What follows. */
  children: ReactNode;
  /** A verb and its subject: "Unpublish deployment". */
  action: string;
  /** What staying away is called: "Keep deployment". */
  cancel: string;
  /** Whether it takes something away. */
  danger: boolean;
  /** What did not happen, for a failure: "It was not unpublished". */
  failure: string;
  onConfirm: () => Promise<void>;
  onClose: () => void;
}) {
  const { title, children, action, cancel, danger, failure } = props;
  const titleId = useId();
  const { run, busy, error } = useAction(async () => {
    await props.onConfirm();
    props.onClose();
  });
  const confirm = () => run();

  return (
    <Dialog
      open
      fullWidth
      maxWidth="xs"
      aria-labelledby={titleId}
      onClose={() => !busy && props.onClose()}
    >
      <DialogTitle id={titleId}>{title}</DialogTitle>
      <DialogContent>
        <DialogContentText color="textPrimary" component="div">
          {children}
        </DialogContentText>
        <SaveError error={error} title={failure} />
      </DialogContent>
      <DialogActions>
        <Button onClick={props.onClose} disabled={busy}>
          {cancel}
        </Button>
        {danger ? (
          <DangerButton onClick={confirm} disabled={busy}>
            {action}
          </DangerButton>
        ) : (
          <Button
            variant="contained"
            color="primary"
            onClick={confirm}
            disabled={busy}
          >
            {action}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}
