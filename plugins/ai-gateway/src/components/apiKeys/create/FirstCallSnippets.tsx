import type { ApiKey } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import MenuItem from '@material-ui/core/MenuItem';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useState } from 'react';
import { useAllModels, useMe } from '../../../hooks';
import { BlockSkeleton, FormField } from '../../shared';
import { CallSnippets } from '../../snippets';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(1.5),
    minWidth: 0,
  },
}));

/** Examples that work as pasted: they hold the gateway's URL, a model that the key may call, and the key. */
export function FirstCallSnippets(props: { apiKey: ApiKey; secret: string }) {
  const { apiKey, secret } = props;
  const classes = useStyles();
  const me = useMe();
  const models = useAllModels();
  const [chosen, setChosen] = useState<string>();

  if (me.status === 'loading' || models.status === 'loading') {
    return <BlockSkeleton label="Loading examples" height={280} />;
  }
  const choices = (models.value ?? []).filter(
    ({ id, modality }) =>
      modality === 'chat' && (apiKey.modelScope?.includes(id) ?? true),
  );
  const modelId = chosen ?? choices[0]?.id;
  if (!me.value || !modelId) {
    return (
      <Typography variant="body2" color="textSecondary">
        {me.value
          ? 'There is no chat model that this key may call, so there is no example.'
          : 'The examples could not be loaded; the page of each model has them.'}
      </Typography>
    );
  }
  return (
    <div className={classes.root}>
      {choices.length > 1 && (
        <FormField
          select
          label="Model in the examples"
          value={modelId}
          onChange={({ target }) => setChosen(target.value)}
        >
          {choices.map(({ id, title }) => (
            <MenuItem key={id} value={id}>
              {title}
            </MenuItem>
          ))}
        </FormField>
      )}
      <CallSnippets
        gatewayUrl={me.value.gatewayUrl}
        modelId={modelId}
        apiKey={secret}
      />
    </div>
  );
}
