import Link from '@material-ui/core/Link';
import Typography from '@material-ui/core/Typography';
import { explainError } from './explainError';

/** One line above something that could not be refreshed: what is shown is older. Renders nothing without an error. */
export function StaleNotice(props: {
  error: Error | undefined;
  onRetry: () => void;
}) {
  const { error, onRetry } = props;
  if (!error) return null;
  return (
    <Typography
      variant="body2"
      color="textSecondary"
      role="status"
      gutterBottom
    >
      Could not refresh, so this may be out of date. {explainError(error).what}{' '}
      <Link component="button" variant="body2" onClick={onRetry}>
        Try again
      </Link>
    </Typography>
  );
}
