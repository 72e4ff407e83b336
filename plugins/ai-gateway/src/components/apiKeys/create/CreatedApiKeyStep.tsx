import type { CreatedApiKey } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import Button from '@material-ui/core/Button';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogTitle from '@material-ui/core/DialogTitle';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { FirstCall } from './FirstCall';
import { FirstCallSnippets } from './FirstCallSnippets';
import { SecretField } from './SecretField';

const useStyles = makeStyles(theme => ({
  content: {
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(2),
  },
}));

/** The second step of a creation: the secret, once, and a first call with it. */
export function CreatedApiKeyStep(props: {
  titleId: string;
  created: CreatedApiKey;
  /** The reader says that the secret is stored. */
  onDone: () => void;
}) {
  const { titleId, created, onDone } = props;
  const { apiKey, secret } = created;
  const classes = useStyles();

  if (secret === null) {
    return (
      <>
        <DialogTitle id={titleId}>{apiKey.label} exists already</DialogTitle>
        <DialogContent>
          <Typography variant="body2">
            An earlier attempt created this key, and its answer did not arrive
            here. Its secret cannot be shown again: revoke the key in the list
            and create another.
          </Typography>
        </DialogContent>
        <DialogActions>
          <Button variant="contained" color="primary" onClick={onDone}>
            Go to the list
          </Button>
        </DialogActions>
      </>
    );
  }
  return (
    <>
      <DialogTitle id={titleId}>{apiKey.label} is ready</DialogTitle>
      <DialogContent className={classes.content}>
        <SecretField secret={secret} />
        <FirstCallSnippets apiKey={apiKey} secret={secret} />
        <FirstCall apiKeyId={apiKey.id} />
      </DialogContent>
      <DialogActions>
        <Button variant="contained" color="primary" onClick={onDone}>
          I have stored it
        </Button>
      </DialogActions>
    </>
  );
}
