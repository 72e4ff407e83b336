import type { Model } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useMe } from '../../hooks';
import { BlockSkeleton, CopyButton, ErrorState } from '../shared';
import { CallSnippets } from './CallSnippets';
import { API_KEY_VARIABLE } from './snippets';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(1.5),
    minWidth: 0,
  },
  url: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    overflowWrap: 'anywhere',
  },
}));

/** How to call a model with a key that the reader has: the URL, and examples in several languages. */
export function HowToCall(props: { model: Model }) {
  const { model } = props;
  const classes = useStyles();
  const me = useMe();

  if (me.status === 'loading') {
    return <BlockSkeleton label="Loading how to call it" height={280} />;
  }
  if (me.status === 'error') {
    return (
      <ErrorState
        error={me.error}
        title="The gateway's address could not be loaded"
        onRetry={me.refresh}
      />
    );
  }
  const { gatewayUrl } = me.value;
  return (
    <div className={classes.root}>
      <Typography variant="body2" component="div" className={classes.url}>
        <span>
          Any OpenAI SDK works with the base URL <code>{gatewayUrl}</code>
        </span>
        <CopyButton text={gatewayUrl} label="Copy URL" />
      </Typography>
      {model.modality === 'chat' ? (
        <>
          <CallSnippets gatewayUrl={gatewayUrl} modelId={model.id} />
          <Typography variant="body2" color="textSecondary">
            The examples read your API key from the environment variable{' '}
            <code>{API_KEY_VARIABLE}</code>.
          </Typography>
        </>
      ) : (
        <Typography variant="body2" color="textSecondary">
          There are examples for chat models only. Name this model as{' '}
          <code>{model.id}</code>.
        </Typography>
      )}
    </div>
  );
}
