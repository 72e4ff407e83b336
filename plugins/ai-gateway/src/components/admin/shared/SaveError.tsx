import { ControlPlaneError } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import SyncProblemIcon from '@material-ui/icons/SyncProblem';
import { InlineError } from '../../shared';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(1, 1.5),
    border: `1px solid ${theme.palette.warning.main}`,
    borderRadius: theme.shape.borderRadius,
  },
  icon: { color: theme.palette.warning.main },
  words: { flex: '1 1 14rem', overflowWrap: 'anywhere' },
}));

/**
 * Why a change was not saved. When somebody else was faster, that is said, with the way on. Renders nothing without an error.
 */
export function SaveError(props: {
  error: Error | undefined;
  /** What could not be done: "The provider was not saved". */
  title: string;
  /** Loads what is saved now, which forgets what was entered; left out where nothing can be overwritten. */
  onReload?: () => void;
}) {
  const { error, title, onReload } = props;
  const classes = useStyles();
  const wasOvertaken =
    onReload && error instanceof ControlPlaneError && error.status === 409;
  if (!wasOvertaken) return <InlineError error={error} title={title} />;
  return (
    <div className={classes.root} role="alert">
      <SyncProblemIcon className={classes.icon} aria-hidden />
      <Typography variant="body2" component="div" className={classes.words}>
        <strong>{title}: it was changed meanwhile.</strong> {error.message} Load
        the newest version, then make your change again.
      </Typography>
      <Button variant="outlined" size="small" onClick={onReload}>
        Load newest version
      </Button>
    </div>
  );
}
