import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import ErrorOutlineIcon from '@material-ui/icons/ErrorOutline';
import { explainError } from './explainError';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    gap: theme.spacing(1),
    padding: theme.spacing(1, 1.5),
    border: `1px solid ${theme.palette.error.main}`,
    borderRadius: theme.shape.borderRadius,
  },
  icon: { color: theme.palette.error.main },
  words: { overflowWrap: 'anywhere' },
}));

/** A failed action, where it was tried: in a dialog or above a form. Renders nothing without an error. */
export function InlineError(props: {
  error: Error | undefined;
  /** What could not be done: "The key was not created". */
  title: string;
}) {
  const { error, title } = props;
  const classes = useStyles();
  if (!error) return null;
  const { what, advice, requestId } = explainError(error);
  return (
    <div className={classes.root} role="alert">
      <ErrorOutlineIcon className={classes.icon} aria-hidden />
      <Typography variant="body2" component="div" className={classes.words}>
        <strong>{title}.</strong> {what} {advice}
        {requestId && (
          <>
            {' '}
            Request id: <code>{requestId}</code>
          </>
        )}
      </Typography>
    </div>
  );
}
