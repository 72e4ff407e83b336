import {
  endpoints,
  type ProviderTestResult,
  testProviderSchema,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import { useState } from 'react';
import { aiGatewayApiRef } from '../../../api';
import { useAction } from '../../../hooks';
import { InlineError } from '../../shared';
import { ConnectionResult } from './ConnectionResult';
import { draftToConnection, type ProviderDraft } from './providerDraft';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'flex-start',
    gap: theme.spacing(1),
  },
}));

/** Tries the connection that the form holds, before it is saved. A result is shown for as long as the form holds what was tried. */
export function ConnectionTest(props: {
  draft: ProviderDraft;
  /** When there is nothing to be tried yet: shows what is wrong with the fields. */
  onInvalid: () => void;
}) {
  const { draft, onInvalid } = props;
  const classes = useStyles();
  const api = useApi(aiGatewayApiRef);
  const [tried, setTried] = useState<{
    as: string;
    came: ProviderTestResult;
  }>();
  const connection = draftToConnection(draft);
  const question = JSON.stringify(connection);

  const { run, busy, error } = useAction(async () => {
    const parsed = testProviderSchema.safeParse(connection);
    if (!parsed.success) {
      onInvalid();
      return;
    }
    const came = await api.call(endpoints.testProviderDraft, {
      body: parsed.data,
    });
    setTried({ as: question, came });
  });

  return (
    <div className={classes.root}>
      <Button variant="outlined" disabled={busy} onClick={() => run()}>
        {busy ? 'Testing connection…' : 'Test connection'}
      </Button>
      <InlineError error={error} title="The connection was not tried" />
      {!busy && tried?.as === question && (
        <ConnectionResult result={tried.came} />
      )}
    </div>
  );
}
