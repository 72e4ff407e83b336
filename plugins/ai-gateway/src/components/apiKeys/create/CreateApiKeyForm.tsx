import {
  type CreatedApiKey,
  createApiKeySchema,
  endpoints,
  type Me,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import MenuItem from '@material-ui/core/MenuItem';
import { makeStyles } from '@material-ui/core/styles';
import { useEffect, useState } from 'react';
import { aiGatewayApiRef } from '../../../api';
import { useProject, useZodForm } from '../../../hooks';
import { FormField, InlineError } from '../../shared';
import { draftToBody, initialDraft } from './apiKeyDraft';
import { ExpiryField } from './ExpiryField';
import { ModelScopeField } from './ModelScopeField';
import { OwnerField } from './OwnerField';
import { useIdempotencyKey } from './useIdempotencyKey';

const useStyles = makeStyles(theme => ({
  // The form stands between the dialog's paper and its scrolling content.
  form: {
    display: 'flex',
    flexDirection: 'column',
    flex: '1 1 auto',
    minHeight: 0,
  },
  fields: {
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(2.5),
    paddingTop: theme.spacing(1),
  },
}));

/** The fields of a new key. One opening makes at most one key, however often it is submitted. */
export function CreateApiKeyForm(props: {
  /** Those for which the reader may create keys. */
  projects: Me['projects'];
  ownershipRefs: readonly string[];
  modelId: string | undefined;
  onCancel: () => void;
  onBusy: (busy: boolean) => void;
  onCreated: (created: CreatedApiKey) => void;
}) {
  const { projects, ownershipRefs, modelId, onCancel, onBusy, onCreated } =
    props;
  const classes = useStyles();
  const api = useApi(aiGatewayApiRef);
  const { projectId } = useProject();
  const idempotencyKeyOf = useIdempotencyKey();
  // "In 7 days" is the same moment at a retry, or the retry would be another request.
  const [openedAt] = useState(Date.now);
  const [initial] = useState(() => initialDraft(projects, projectId, modelId));

  const form = useZodForm({
    schema: createApiKeySchema,
    initial,
    toInput: draft => draftToBody(draft, openedAt),
    submit: async body => {
      onCreated(
        await api.call(endpoints.createApiKey, {
          body,
          headers: { 'idempotency-key': idempotencyKeyOf(body) },
        }),
      );
    },
  });
  const { submitting } = form;
  useEffect(() => onBusy(submitting), [onBusy, submitting]);

  const { values, set, touch, problem } = form;
  return (
    <form
      noValidate
      ref={form.ref}
      onSubmit={form.onSubmit}
      className={classes.form}
    >
      <DialogContent className={classes.fields}>
        <InlineError error={form.error} title="The key was not created" />
        <FormField
          {...form.field('label')}
          // eslint-disable-next-line jsx-a11y/no-autofocus -- a dialog that was just asked for starts at its first field
          autoFocus
          required
          label="Label"
          hint="Where it is used, such as checkout-prod"
        />
        <FormField
          {...form.field('projectId')}
          select
          required
          label="Project"
          hint="Who pays for what it uses"
          problem={
            problem('projectId') && !values.projectId
              ? 'Choose the project that pays'
              : problem('projectId')
          }
        >
          {projects.map(({ id, title }) => (
            <MenuItem key={id} value={id}>
              {title}
            </MenuItem>
          ))}
        </FormField>
        <OwnerField
          value={values.owner}
          onChange={owner => set({ owner })}
          onBlur={() => touch('owner')}
          problem={problem('owner')}
          ownershipRefs={ownershipRefs}
        />
        <ModelScopeField
          value={values.modelScope}
          onChange={modelScope => set({ modelScope })}
          onBlur={() => touch('modelScope')}
          problem={problem('modelScope')}
        />
        <ExpiryField
          value={values.expiresAt}
          onChange={expiresAt => set({ expiresAt })}
          onBlur={() => touch('expiresAt')}
          problem={problem('expiresAt')}
        />
      </DialogContent>
      <DialogActions>
        <Button onClick={onCancel} disabled={submitting}>
          Cancel
        </Button>
        <Button
          type="submit"
          variant="contained"
          color="primary"
          disabled={submitting}
        >
          {submitting ? 'Creating key…' : 'Create key'}
        </Button>
      </DialogActions>
    </form>
  );
}
