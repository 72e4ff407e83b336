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
 * Why something was not done. When it does not go together with what is saved by now, the control plane's own words say why, with the way
 * on. Renders nothing without an error.
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
  const isConflict = error instanceof ControlPlaneError && error.status === 409;
  if (!isConflict) return <InlineError error={error} title={title} />;
  return (
    <div className={classes.root} role="alert">
      <SyncProblemIcon className={classes.icon} aria-hidden />
      <Typography variant="body2" component="div" className={classes.words}>
        <strong>{title}.</strong> {error.message}
      </Typography>
      {onReload && (
        <Button variant="outlined" size="small" onClick={onReload}>
          Load newest version
        </Button>
      )}
    </div>
  );
}
