import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { CopyButton } from '../../shared';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1.5),
    padding: theme.spacing(1.5),
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
    backgroundColor: theme.palette.background.default,
  },
  secret: {
    flex: '1 1 16rem',
    overflowWrap: 'anywhere',
    // One click takes the whole of it, and nothing around it.
    userSelect: 'all',
  },
}));

/** The secret of a new key, to be copied now or never. */
export function SecretField(props: { secret: string }) {
  const { secret } = props;
  const classes = useStyles();
  return (
    <div>
      <Typography variant="body2" gutterBottom>
        Store this key now, in a secret store or your environment.{' '}
        <strong>It is shown only this once.</strong>
      </Typography>
      <div className={classes.root}>
        <code className={classes.secret} aria-label="API key">
          {secret}
        </code>
        <CopyButton text={secret} label="Copy key" primary />
      </div>
    </div>
  );
}
