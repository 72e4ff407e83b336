import {
  endpoints,
  type Provider,
  type ProviderTestResult,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import { useState } from 'react';
import { aiGatewayApiRef } from '../../../api';
import { useAction } from '../../../hooks';
import { InlineError } from '../../shared';
import { ConnectionResult } from './ConnectionResult';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'flex-start',
    gap: theme.spacing(0.5),
    maxWidth: '22rem',
  },
}));

/** Tries the connection of a provider as it is saved. */
export function RowConnectionTest(props: { provider: Provider }) {
  const { provider } = props;
  const classes = useStyles();
  const api = useApi(aiGatewayApiRef);
  const [result, setResult] = useState<ProviderTestResult>();
  const { run, busy, error } = useAction(async () => {
    setResult(undefined);
    setResult(
      await api.call(endpoints.testProvider, {
        params: { providerId: provider.id },
      }),
    );
  });
  const idleLabel = result ? 'Test again' : 'Test connection';
  return (
    <div className={classes.root}>
      {result && <ConnectionResult brief result={result} />}
      <InlineError error={error} title="The connection was not tried" />
      <Button
        size="small"
        variant="outlined"
        disabled={busy}
        aria-label={`Test connection of ${provider.title}`}
        onClick={() => run()}
      >
        {busy ? 'Testing…' : idleLabel}
      </Button>
    </div>
  );
}
