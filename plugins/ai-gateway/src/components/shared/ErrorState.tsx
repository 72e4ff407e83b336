import { ControlPlaneError } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import Button from '@material-ui/core/Button';
import ErrorOutlineIcon from '@material-ui/icons/ErrorOutline';
import { DeniedState } from './DeniedState';
import { explainError } from './explainError';
import { Notice } from './Notice';

/**
 * A view that could not be loaded: what happened, what to do, a way to try again, and the id to quote. A refusal for want of a
 * permission is shown as such.
 */
export function ErrorState(props: {
  error: Error;
  /** What could not be done, as the title: "Models could not be loaded". */
  title: string;
  onRetry: () => void;
}) {
  const { error, title, onRetry } = props;
  if (error instanceof ControlPlaneError && error.status === 403) {
    return <DeniedState>{error.message}</DeniedState>;
  }
  const { what, advice, requestId } = explainError(error);
  return (
    <Notice
      alert
      icon={<ErrorOutlineIcon />}
      title={title}
      actions={
        <Button variant="outlined" onClick={onRetry}>
          Try again
        </Button>
      }
    >
      <div>{what}</div>
      <div>{advice}</div>
      {requestId && (
        <div>
          Request id: <code>{requestId}</code>
        </div>
      )}
    </Notice>
  );
}
